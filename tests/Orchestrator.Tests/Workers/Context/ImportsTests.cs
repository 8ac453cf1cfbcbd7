namespace Orchestrator.Tests.Workers.Context;

public sealed class ImportsTests
{
    [Fact]
    public void CSharp_names_the_types_that_files_are_called_after() => Imported(
        "src/Drafts/Store.cs",
        "using Mail;\nclass Store(IClock clock) {\n    // not the Unused one\n    Draft? Find(List<Title> titles) => Mailer.Last;\n}\n",
        ["src/Drafts/Store.cs", "src/Drafts/Draft.cs", "src/Time/IClock.cs", "src/Mail/Mailer.cs", "src/Unused.cs", "src/Drafts/Title.cs", "old/Drafts/Draft.cs"],
        ["src/Drafts/Draft.cs", "src/Drafts/Title.cs", "src/Mail/Mailer.cs", "src/Time/IClock.cs"]);

    [Fact]
    public void Python_names_modules_packages_and_what_is_beside_it() => Imported(
        "app/drafts/store.py",
        "import app.mail, os\nimport app.clock as clock\nfrom . import title\nfrom .draft import Draft\nfrom ..util.text import (\n    strip,\n    trim,\n)\nfrom app.tests import *\n",
        ["app/drafts/store.py", "app/mail.py", "app/clock/__init__.py", "app/drafts/title.py", "app/drafts/draft.py", "app/util/text.py", "app/tests/__init__.py", "app/os_x.py"],
        ["app/clock/__init__.py", "app/drafts/draft.py", "app/drafts/title.py", "app/mail.py", "app/tests/__init__.py", "app/util/text.py"]);

    [Fact]
    public void Scripts_name_files_relative_to_themselves() => Imported(
        "src/drafts/store.ts",
        "import { a } from './title';\nimport b from \"../mail/index.js\";\nconst c = require('./data.json');\nexport * from './types';\nimport('../lazy');\nimport '@/util/text';\nimport React from 'react';\nimport x from '../../../outside';\n",
        ["src/drafts/store.ts", "src/drafts/title.tsx", "src/mail/index.ts", "src/drafts/data.json", "src/drafts/types.d.ts", "src/lazy/index.ts", "src/util/text.ts", "react.ts"],
        ["src/drafts/data.json", "src/drafts/title.tsx", "src/drafts/types.d.ts", "src/lazy/index.ts", "src/mail/index.ts", "src/util/text.ts"]);

    [Fact]
    public void Go_names_folders() => Imported(
        "cmd/main.go",
        "package main\n\nimport (\n\t\"fmt\"\n\tstore \"example.org/app/internal/store\"\n)\nimport \"example.org/app/mail\"\n",
        ["cmd/main.go", "internal/store/store.go", "internal/store/store_test.go", "mail/mail.go", "fmt.go"],
        ["internal/store/store.go", "mail/mail.go"]);

    [Fact]
    public void Java_and_Kotlin_name_classes() => Imported(
        "src/main/java/app/Store.java",
        "package app;\nimport app.drafts.Draft;\nimport static app.util.Text.trim;\nimport java.util.List;\n",
        ["src/main/java/app/Store.java", "src/main/java/app/drafts/Draft.kt", "src/main/java/app/util/Text.java", "List.java"],
        ["src/main/java/app/drafts/Draft.kt", "src/main/java/app/util/Text.java"]);

    [Fact]
    public void Rust_names_modules() => Imported(
        "src/main.rs",
        "mod drafts;\npub mod mail;\nuse crate::drafts::title::Title;\nuse std::fmt;\n",
        ["src/main.rs", "src/drafts/mod.rs", "src/drafts/title.rs", "src/mail.rs", "src/fmt.rs"],
        ["src/drafts/mod.rs", "src/drafts/title.rs", "src/mail.rs"]);

    [Fact]
    public void C_names_headers() => Imported(
        "src/store.c",
        "#include <stdio.h>\n#include \"store.h\"\n# include \"../include/draft.h\"\n",
        ["src/store.c", "src/store.h", "include/draft.h", "stdio.h"],
        ["include/draft.h", "src/store.h"]);

    [Fact]
    public void Paths_outside_of_ASCII_are_paths() => Imported("quelle/größe.py", "from .maß import Länge\n", ["quelle/größe.py", "quelle/maß.py"], ["quelle/maß.py"]);

    [Fact]
    public void Noise_is_no_import_and_throws_nothing()
    {
        var random = new Random(3);
        foreach (var extension in (string[])["cs", "py", "ts", "go", "java", "rs", "c", "md"])
        {
            for (var round = 0; round < 50; round++)
            {
                var noise = new string([.. Enumerable.Range(0, 400).Select(_ => "import from('.\"/;{}:#\n x\0ß"[random.Next(26)])]);

                Assert.Empty(Imports.Of($"a.{extension}", noise, Index($"a.{extension}", "zz/unrelated.txt")));
            }
        }
    }

    [Theory]
    [InlineData("a.java", '\n', "import b.C;", "b/C.java")]
    [InlineData("a.c", '\n', "#include \"b.h\"", "b.h")]
    [InlineData("a.ts", ' ', "import './b'", "b.ts")]
    public void A_file_that_is_mostly_blank_is_still_read_to_its_end(string path, char blank, string import, string expected) =>
        Imported(path, $"import{new string(blank, 300_000)}\n{import}\n", [path, expected], [expected]);

    [Theory]
    [InlineData("/build/agent/7/src/drafts/Store.cs", "src/drafts/Store.cs")]
    [InlineData("drafts/Store.cs", "src/drafts/Store.cs")]
    [InlineData("C:\\build\\src\\drafts\\Store.cs", "src/drafts/Store.cs")]
    [InlineData("./src/drafts/Store.cs", "src/drafts/Store.cs")]
    [InlineData("README.md", "README.md")]
    [InlineData("Program.cs", null)]
    [InlineData("Other.cs", null)]
    public void What_a_log_calls_a_file_is_found_unless_it_could_be_several(string mention, string? expected) =>
        Assert.Equal(expected, Index("src/drafts/Store.cs", "README.md", "docs/README.md", "a/Program.cs", "b/Program.cs").Meant(mention));

    private static void Imported(string path, string text, string[] tree, string[] expected) => Assert.Equal(expected, Imports.Of(path, text, Index(tree)));

    private static PathIndex Index(params string[] paths) => new([.. paths.Order(StringComparer.Ordinal).Select(path => RepoPath.Parse(path, null))]);
}
