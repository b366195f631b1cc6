# shellcheck shell=bash
# Sourced by the other scripts: where things are, what must be installed, how builds are set up.

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

# What builds and tests need, by the names of Debian 12.
# shellcheck disable=SC2034  # used by the scripts that source this
build_packages=(build-essential gcc g++ ragel meson ninja-build pkg-config python3 libjansson-dev libcmocka-dev
    libbenchmark-dev)
# shellcheck disable=SC2034
check_packages=(clang libclang-rt-dev valgrind libc6-dbg git)

say() {
    printf '==> %s\n' "$*"
}

fail() {
    printf '%s: %s\n' "$(basename "$0")" "$*" >&2
    exit 2
}

missing_packages() {
    local package native architecture
    native=$(dpkg --print-architecture)
    for package; do
        architecture=$native
        [[ $package != *:* ]] || architecture=${package#*:}
        if ! dpkg-query -W -f='${Architecture} ${db:Status-Status}\n' "$package" 2>/dev/null |
            grep -qxE "($architecture|all) installed"; then
            printf '%s\n' "$package"
        fi
    done
}

as_root() {
    if [ "$(id -u)" -eq 0 ]; then
        "$@"
    elif command -v sudo >/dev/null; then
        sudo "$@"
    else
        fail "needs root or sudo for: $*"
    fi
}

apt_install() {
    as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends "$@"
}

# Installs those of the named packages that are missing.
need() {
    local missing
    if ! command -v dpkg-query >/dev/null || ! command -v apt-get >/dev/null; then
        say "not a Debian system: this needs what Debian calls $*"
        return
    fi
    mapfile -t missing < <(missing_packages "$@")
    if [ ${#missing[@]} -eq 0 ]; then
        return
    fi
    say "installing ${missing[*]}"
    if ! apt_install "${missing[@]}"; then
        say "the package lists may be old: updating them"
        as_root apt-get update -q || say "not all lists could be updated"
        apt_install "${missing[@]}"
    fi
}

# need_foreign ARCHITECTURE PACKAGE...: installs packages of another architecture.
need_foreign() {
    local architecture=$1
    shift
    if command -v dpkg >/dev/null && ! dpkg --print-foreign-architectures | grep -qx "$architecture"; then
        as_root dpkg --add-architecture "$architecture"
    fi
    need "${@/%/:$architecture}"
}

# build_setup NAME OPTION...: makes build/NAME, unless it is there with these options and these defaults of the project. The
# compiler comes from CC and CXX. What the grammar compiler makes is the same for all: the first build makes it.
build_setup() {
    local name=$1 made
    shift
    set -- "-Dkept=$root/build/kept" "$@"
    made="${CC:-} ${CXX:-} ${CFLAGS:-} ${CXXFLAGS:-} ${LDFLAGS:-} $* $(sed -n '/default_options/,/\])/p' "$root/meson.build")"
    if [ ! -f "$root/build/$name/build.ninja" ] || [ "$(cat "$root/build/$name/made-with" 2>/dev/null)" != "$made" ]; then
        say "setting up build/$name"
        rm -rf "${root:?}/build/$name"
        (cd "$root" && meson setup "build/$name" "$@" >"$root/build/$name.setup.log" 2>&1) || {
            cat "$root/build/$name.setup.log"
            return 1
        }
        printf '%s\n' "$made" >"$root/build/$name/made-with"
    fi
}

# The build that users get, with its command, tests and benchmarks.
release_setup() {
    mkdir -p "$root/build"
    build_setup release --buildtype=release -Dbench=true
}

# build_ninja NAME TARGET...: builds; prints only what goes wrong.
build_ninja() {
    local name=$1
    shift
    say "building build/$name"
    ninja -C "$root/build/$name" "$@" >"$root/build/$name.build.log" 2>&1 || {
        tail -n 60 "$root/build/$name.build.log"
        return 1
    }
}

# The shipped mix as files below build/mix, one message each.
mix_files() {
    if [ ! -d "$root/build/mix" ] || [ -n "$(find "$root/bench" -name 'mix*.py' -newer "$root/build/mix")" ]; then
        rm -rf "$root/build/mix"
        python3 -B "$root/bench/mix.py" --files "$root/build/mix"
    fi
}

# The second engine of tests/engine, beside the packages that it needs, in build/engine. Needs the network only when they are
# not there in the versions wanted.
engine_setup() {
    local engine=$root/build/engine packages=()
    command -v node >/dev/null || packages+=(nodejs)
    command -v npm >/dev/null || packages+=(npm)    # not needed by name where it comes with another nodejs
    [ ${#packages[@]} -eq 0 ] || need "${packages[@]}"
    mkdir -p "$engine"
    if ! cmp -s "$root/tests/engine/package-lock.json" "$engine/node_modules/installed-lock.json"; then
        say "installing the npm packages abnf and nearley in build/engine"
        cp "$root"/tests/engine/package{,-lock}.json "$engine/"
        (cd "$engine" && npm ci --ignore-scripts --no-audit --no-fund) || return 1
        cp "$engine/package-lock.json" "$engine/node_modules/installed-lock.json"
    fi
    cp "$root"/tests/engine/*.mjs "$engine/"
}

# engine_python FILE ARGUMENT...: runs a program of tests/engine with what the tests there need.
engine_python() {
    local file=$1
    shift
    SIPWIRE_ENGINE=$root/build/engine/engine.mjs SIPWIRE_VERDICT=$root/build/release/tests/verdict \
        python3 -B "$root/tests/engine/$file" "$@"
}
