# Runs the methods of some classes of numpy/core/tests/test_umath.py, or of those that its
# arguments name. Everything that prints or asks for a time is left out.
import inspect
import os
import sys
import types
import warnings

warnings.simplefilter("ignore")
# The file wants pytest for its decorations only.
pytest = types.ModuleType("pytest")


class Mark:
    def __getattr__(self, name):
        def decorate(*arguments, **words):
            if len(arguments) == 1 and callable(arguments[0]) and not words:
                return arguments[0]

            def marked(f):
                if name == "parametrize":
                    f.parametrized = True
                return f
            return marked
        return decorate


pytest.mark = Mark()
pytest.param = lambda *values, **words: values
pytest.raises = None
pytest.fixture = lambda *arguments, **words: (lambda f: f)
sys.modules["pytest"] = pytest
sys.modules["hypothesis"] = types.ModuleType("hypothesis")

import numpy

path = os.path.join(os.path.dirname(numpy.__file__), "core", "tests", "test_umath.py")
source = open(path).read()
tests = types.ModuleType("tests")
tests.__file__ = path
exec(compile(source, path, "exec"), tests.__dict__)

Classes = ["TestHypot", "TestHypotSpecialValues", "TestCbrt", "TestLog2", "TestExp2", "TestLogAddExp",
           "TestLogAddExp2", "TestArctan2SpecialValues", "TestFmax", "TestFmin", "TestFloor", "TestSign",
           "TestMinMax", "TestAbsoluteNegative", "TestDivision", "TestPower"]
for name in sys.argv[1:] or Classes:
    cls = getattr(tests, name, None)
    if cls is None:
        continue
    for method, function in inspect.getmembers(cls, inspect.isfunction):
        if not method.startswith("test") or hasattr(function, "parametrized"):
            continue
        if len(inspect.signature(function).parameters) != 1:
            continue
        try:
            getattr(cls(), method)()
            print(name, method, "passed")
        except Exception as e:
            print(name, method, type(e).__name__)
