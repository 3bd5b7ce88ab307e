# Sourced by ./run and ./check: installs what is missing, configures, builds.
# Says what it does on stderr, and nothing when there is nothing to do.

top=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

# install_missing LIST...: Debian packages named in the files, one a line.
install_missing() {
  local wanted missing=() package
  mapfile -t wanted < <(cat "$@")
  for package in "${wanted[@]}"; do
    [ "$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null)" = installed ] || missing+=("$package")
  done
  [ ${#missing[@]} -gt 0 ] || return 0
  echo "installing: ${missing[*]}" >&2
  local sudo=()
  [ "$(id -u)" = 0 ] || sudo=(sudo)
  "${sudo[@]}" apt-get update -q >&2
  "${sudo[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends "${missing[@]}" >&2
}

# build: configures once, then builds what has changed.
build() {
  if [ ! -f "$top/build/build.ninja" ]; then
    (cd "$top" && cmake --preset release) >&2
  fi
  # Quiet unless there is work or an error.
  if ! ninja -C "$top/build" -n 2>/dev/null | grep -q 'no work to do'; then
    ninja -C "$top/build" >&2
  fi
}
