"""The library as others get it: installed into a folder of its own, found by pkg-config, linked as the README says into
programs outside the tree; and as a subproject of another Meson project."""

import os
import re
import shutil
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
sys.path.insert(0, str(HERE.parent / "tools"))
from readme import section, fenced  # noqa: E402

BUILD = Path(os.environ["SIPWIRE_BUILD"])
CC = os.environ["CC"].split()
CXX = os.environ.get("CXX", "").split()
MESON = os.environ["MESON"].split()
KEPT = os.environ.get("SIPWIRE_KEPT", "")
SHARED = os.environ["SIPWIRE_LIBRARY"] != "static"
GENERATED = {"accept.h", "getters.h", "ids.h", "shapes.h", "writers.h"}
STRICT = ["-Wall", "-Wextra", "-pedantic", "-Wconversion", "-Wshadow", "-Werror"]
# What the compiler's own start-up files want of libc, if it has it.
START_UP = {"_ITM_deregisterTMCloneTable", "_ITM_registerTMCloneTable", "__cxa_finalize", "__gmon_start__"}
PRINTED = """method INVITE
first field Via
its value SIP/2.0/TCP pc33.atlanta.example;branch=z9hG4bKnashds8
host pc33.atlanta.example
CSeq 314159
SIP/2.0 200 Fine
v: SIP/2.0/TCP pc33.atlanta.example;branch=z9hG4bKnashds8
l: 0

"""


def run(*command, **options):
    done = subprocess.run([str(word) for word in command], capture_output=True, text=True, check=False, **options)
    if done.returncode != 0:
        raise AssertionError(f"{command}: status {done.returncode}\n{done.stdout}{done.stderr}")
    return done.stdout


def symbols(library, *options):
    """Names and letters of nm, versions of the names taken off."""
    lines = (line.split() for line in run("nm", "--format=posix", *options, library).splitlines())
    return [(words[0].split("@")[0], words[1]) for words in lines if len(words) > 1]


class InstalledTest(unittest.TestCase):
    """Installs what is built, once for all tests of a class."""

    @classmethod
    def setUpClass(cls):
        holder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(holder.cleanup)
        cls.folder = Path(holder.name)
        run(*MESON, "install", "-C", BUILD, "--no-rebuild", "--destdir", cls.folder / "installed")
        package = next((cls.folder / "installed").rglob("sipwire.pc"))
        cls.libraries = package.parents[1]
        cls.headers = next((cls.folder / "installed").rglob("sipwire/sipwire.h")).parent
        cls.env = {**os.environ, "PKG_CONFIG_LIBDIR": str(package.parent),
                   "PKG_CONFIG_SYSROOT_DIR": str(cls.folder / "installed")}

    def packaged(self, *options):
        return run("pkg-config", *options, "sipwire", env=self.env).split()

    def needed(self, program):
        """The shared libraries that a program wants."""
        return re.findall(r"\(NEEDED\).*\[(.*)\]", run("readelf", "-d", program))

    def run_installed(self, program):
        return run(program, env={**self.env, "LD_LIBRARY_PATH": str(self.libraries)})


class Files(InstalledTest):
    def test_headers_installed_are_those_of_the_tree_and_the_generated_ones(self):
        public = {path.name for path in (ROOT / "include" / "sipwire").glob("*.h")}
        self.assertEqual({path.name for path in self.headers.iterdir()}, public | GENERATED)

    def test_each_header_alone_is_clean_c11(self):
        for header in sorted(self.headers.iterdir()):
            with self.subTest(header.name):
                run(*CC, "-std=c11", *STRICT, *self.packaged("--cflags"), "-fsyntax-only", "-x", "c",
                    "-include", header, os.devnull)

    @unittest.skipUnless(CXX, "there is no C++ compiler")
    def test_each_header_alone_is_clean_cpp17(self):
        for header in sorted(self.headers.iterdir()):
            with self.subTest(header.name):
                run(*CXX, "-std=c++17", *STRICT, *self.packaged("--cflags"), "-fsyntax-only",
                    "-x", "c++", "-include", header, os.devnull)

    @unittest.skipUnless(CXX, "there is no C++ compiler")
    def test_macros_are_clean_cpp17(self):
        source = self.folder / "macros.cc"
        source.write_text("#include <sipwire/sipwire.h>\n"
                          "int main()\n{\n    char buf[200];\n    sipwire_writer writer;\n    sipwire_row rows[4];\n    sipwire_msg msg;\n"
                          "    sipwire_options options = SIPWIRE_OPTIONS_INIT;\n"
                          "    sipwire_write_options write_options = SIPWIRE_WRITE_OPTIONS_INIT;\n"
                          "    sipwire_msg_init(&msg, rows, 4, &options);\n"
                          "    sipwire_writer_init(&writer, buf, sizeof buf, &write_options);\n"
                          "    sipwire_write_response(&writer, 200, sipwire_str{});\n"
                          "    return sipwire_write_field(&writer, SIPWIRE_LITERAL(\"X\"), SIPWIRE_LITERAL(\"y\"));\n}\n")
        run(*CXX, "-std=c++17", *STRICT, *self.packaged("--cflags"), "-fsyntax-only", source)

    def test_package_has_the_version_of_the_headers(self):
        base = (self.headers / "base.h").read_text(encoding="utf-8")
        parts = [re.search(rf"SIPWIRE_VERSION_{part} (\d+)", base).group(1) for part in ("MAJOR", "MINOR", "PATCH")]
        self.assertEqual(self.packaged("--modversion"), [".".join(parts)])


class Symbols(InstalledTest):
    @unittest.skipUnless(SHARED, "this build has no shared library")
    def test_shared_library_exports_exactly_what_the_headers_declare(self):
        text = "".join(path.read_text(encoding="utf-8") for path in self.headers.iterdir())
        declared = set(re.findall(r"^SIPWIRE_API [^;(]*?(\w+)\(", text, re.M))
        exported = {name for name, _ in symbols(self.libraries / "libsipwire.so", "--dynamic", "--defined-only")}
        self.assertIn("sipwire_parse", declared)
        self.assertEqual(exported, declared)
        self.assertEqual({name for name in exported if not name.startswith("sipwire_")}, set())

    @unittest.skipUnless(SHARED, "this build has no shared library")
    def test_shared_library_imports_only_mem_and_str_functions(self):
        wanted = set(symbols(self.libraries / "libsipwire.so", "--dynamic", "--undefined-only"))
        self.assertEqual({name for name, kind in wanted if not re.fullmatch("(mem|str)[a-z]+", name) and
                          not (kind in "wv" and name in START_UP)}, set())

    @unittest.skipUnless(SHARED, "this build has no shared library")
    def test_shared_library_is_versioned(self):
        version = self.packaged("--modversion")[0]
        whole = self.libraries / f"libsipwire.so.{version}"
        self.assertEqual((self.libraries / "libsipwire.so").resolve(), whole.resolve())
        self.assertEqual((self.libraries / "libsipwire.so.0").resolve(), whole.resolve())
        self.assertRegex(run("readelf", "-d", whole), r"\(SONAME\).*\[libsipwire\.so\.0\]")

    def test_static_library_defines_only_names_of_its_own(self):
        defined = {name for name, _ in symbols(self.libraries / "libsipwire.a", "--defined-only", "--extern-only")}
        self.assertIn("sipwire_parse", defined)
        self.assertEqual({name for name in defined if not name.startswith("sipwire_")}, set(), "see src/linker_names.h")


class Consumer(InstalledTest):
    """The README's commands, on a program outside the tree."""

    def setUp(self):
        holder = tempfile.TemporaryDirectory()
        self.addCleanup(holder.cleanup)
        self.folder = Path(holder.name)
        self.readme = section((ROOT / "README.md").read_text(encoding="utf-8"), "### Linking")

    def built_as_the_readme_says(self, command, source, *options):
        """Runs the README's line that begins so on a source; returns the program."""
        line = re.search(rf"^    ({re.escape(command)} .*)$", self.readme, re.M).group(1)
        shutil.copy(source, self.folder / ("example.cc" if command.startswith("c++") else "example.c"))
        compiler = CXX if command.startswith("c++") else CC
        line = line.replace(command.split()[0], " ".join([*compiler, *STRICT, *options]), 1)
        run("sh", "-c", line, cwd=self.folder, env=self.env)
        return self.folder / "example"

    def assert_reads(self, program):
        first, rest = self.run_installed(program).split("\n", 1)
        version = self.packaged("--modversion")[0]
        self.assertEqual(first, f"{version} {version}")
        self.assertEqual(rest, PRINTED)

    @unittest.skipUnless(SHARED, "this build has no shared library")
    def test_c11_program_runs_with_the_shared_library(self):
        program = self.built_as_the_readme_says("cc -std=c11 example.c", HERE / "consumer.c")
        self.assertIn("libsipwire.so.0", self.needed(program))
        self.assert_reads(program)

    def test_c11_program_runs_with_the_static_library(self):
        program = self.built_as_the_readme_says("cc -std=c11 -o example example.c", HERE / "consumer.c")
        self.assertEqual([name for name in self.needed(program) if "sipwire" in name], [])
        self.assert_reads(program)

    @unittest.skipUnless(CXX and SHARED, "there is no C++ compiler, or no shared library")
    def test_cpp17_program_runs_with_the_shared_library(self):
        program = self.built_as_the_readme_says("c++ -std=c++17 example.cc", HERE / "consumer.c")
        self.assertIn("libsipwire.so.0", self.needed(program))
        self.assert_reads(program)

    @unittest.skipUnless(SHARED, "this build has no shared library")
    def test_readme_example_runs_with_the_shared_library(self):
        readme = (ROOT / "README.md").read_text(encoding="utf-8")
        source = self.folder / "readme.c"
        source.write_text(fenced(readme, "## Using it", "c"), encoding="utf-8")
        program = self.built_as_the_readme_says("cc -std=c11 example.c", source)
        self.assertEqual(self.run_installed(program), fenced(readme, "prints\n"))


class Subproject(unittest.TestCase):
    def test_readme_lines_make_a_meson_project_that_runs(self):
        readme = section((ROOT / "README.md").read_text(encoding="utf-8"), "### Linking")
        with tempfile.TemporaryDirectory() as holder:
            folder = Path(holder)
            (folder / "subprojects").mkdir()
            (folder / "subprojects" / "sipwire").symlink_to(ROOT)
            shutil.copy(HERE / "consumer.c", folder / "example.c")
            (folder / "meson.build").write_text("project('consumer', 'c')\n" + fenced(readme, "subproject", "meson"),
                                                encoding="utf-8")
            env = {**os.environ, "PKG_CONFIG_LIBDIR": str(folder), "CC": " ".join(CC)}
            run(*MESON, "setup", folder / "build", folder, "--buildtype=plain", "-Dsipwire:kept=" + KEPT, env=env)
            run(*MESON, "compile", "-C", folder / "build", "example", env=env)
            self.assertTrue(run(folder / "build" / "example").endswith(PRINTED))
            self.assertFalse((folder / "build" / "subprojects" / "sipwire" / "tests").exists())


if __name__ == "__main__":
    unittest.main()
