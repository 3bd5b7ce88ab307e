# Writes a C++ file of a thousand lines: classes, templates, lambdas and the library's
# containers, but few enough instances that a compiler in the interpreter is done soon.
print("""#include <cstdio>
#include <vector>

namespace {
template <class T> T mixed(T a, T b) { return a * 31 + (b ^ a >> 3); }
""")
for i in range(32):
    print(f"""struct Node{i} {{
  int key = {i};
  Node{i} *left = nullptr, *right = nullptr;
  virtual ~Node{i}() = default;
  virtual int weight() const {{ return key * {i + 3}; }}
  int sum() const {{
    int s = weight();
    if (left)
      s += left->sum();
    if (right)
      s -= right->sum();
    return s;
  }}
}};

struct Heavy{i} : Node{i} {{
  int weight() const override {{
    auto f = [this](int k) {{ return mixed(key + k, {i}); }};
    int s = 0;
    for (int k = 0; k < {i % 7 + 2}; ++k)
      s += f(k);
    return s;
  }}
}};
""")
print("""} // namespace

int main() {
  std::vector<int> sums;""")
for i in range(32):
    print(f"""  {{
    Heavy{i} a;
    Node{i} b;
    a.left = &b;
    sums.push_back(a.sum());
  }}""")
print("""  for (int s : sums)
    std::printf("%d\\n", s);
}""")
