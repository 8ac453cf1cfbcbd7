namespace Orchestrator.Git.Tests;

public sealed class GuardedFolderTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("orchestrator guard ").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("..")]
    [InlineData(".")]
    [InlineData("../precious")]
    [InlineData("a/../../precious")]
    [InlineData("/")]
    [InlineData("/tmp")]
    [InlineData(".orchestrator-owned")]
    [InlineData("link/inside")]
    [InlineData("../guard-not")]
    public void Nothing_outside_or_behind_a_link_is_deleted(string path)
    {
        var guard = GuardedFolder.Open(Path.Combine(_folder, "guard"));
        Directory.CreateDirectory(Path.Combine(_folder, "precious", "inside"));
        Directory.CreateDirectory(Path.Combine(_folder, "guard-not"));
        Directory.CreateSymbolicLink(guard.Combine("link"), Path.Combine(_folder, "precious"));

        Assert.Throws<OrchestratorException>(() => guard.Delete(guard.Combine(path)));

        Assert.True(Directory.Exists(Path.Combine(_folder, "precious", "inside")));
        Assert.True(Directory.Exists(Path.Combine(_folder, "guard-not")));
    }

    [Fact]
    public void Names_that_are_no_UTF_8_are_deleted_too()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        var guard = GuardedFolder.Open(Path.Combine(_folder, "guard"));
        Directory.CreateDirectory(guard.Combine("run/a"));
        Directory.CreateDirectory(guard.Combine("other"));
        using (var shell = System.Diagnostics.Process.Start("sh", ["-c", """cd "$1" && touch "$(printf 'bad\377name')" && mkdir "$(printf 'bad\376folder')" && touch "$(printf 'bad\376folder')/$(printf '\375')" && ln -s / link""", "sh", guard.Combine("run/a")]))
        {
            shell.WaitForExit();
            Assert.Equal(0, shell.ExitCode);
        }

        guard.Delete(guard.Combine("run"));

        Assert.False(Directory.Exists(guard.Combine("run")));
        Assert.True(Directory.Exists(guard.Combine("other")));
    }

    [Fact]
    public void A_link_is_deleted_itself_and_never_what_it_leads_to()
    {
        var guard = GuardedFolder.Open(Path.Combine(_folder, "guard"));
        var precious = Directory.CreateDirectory(Path.Combine(_folder, "precious")).FullName;
        File.WriteAllText(Path.Combine(precious, "file"), "");
        Directory.CreateDirectory(guard.Combine("a/b"));
        Directory.CreateSymbolicLink(guard.Combine("a/b/folder"), precious);
        File.CreateSymbolicLink(guard.Combine("a/file"), Path.Combine(precious, "file"));
        File.CreateSymbolicLink(guard.Combine("a/broken"), Path.Combine(_folder, "missing"));
        Directory.CreateSymbolicLink(guard.Combine("direct"), precious);
        File.WriteAllText(guard.Combine("a/b/read-only"), "");
        TemporaryRepository.SetMode(guard.Combine("a/b/read-only"), 0);
        TemporaryRepository.SetMode(guard.Combine("a/b"), 0b101_101_101);

        guard.Delete(guard.Combine("a"));
        guard.Delete(guard.Combine("direct"));
        guard.Delete(guard.Combine("nothing"));

        Assert.Equal([guard.Combine(".orchestrator-owned")], Directory.EnumerateFileSystemEntries(guard.FullPath));
        Assert.True(File.Exists(Path.Combine(precious, "file")));
    }

    [Fact]
    public void A_folder_with_other_things_in_it_is_never_taken()
    {
        File.WriteAllText(Path.Combine(_folder, "mine.txt"), "");

        var failure = Assert.Throws<OrchestratorException>(() => GuardedFolder.Open(_folder));

        Assert.Contains("GitOptions.CheckoutFolder", failure.Message);
    }

    [Fact]
    public void A_folder_that_lost_its_mark_deletes_nothing_any_more()
    {
        var guard = GuardedFolder.Open(Path.Combine(_folder, "guard"));
        Directory.CreateDirectory(guard.Combine("a"));
        File.Delete(guard.Combine(".orchestrator-owned"));

        Assert.Throws<OrchestratorException>(() => guard.Delete(guard.Combine("a")));

        Assert.True(Directory.Exists(guard.Combine("a")));
    }
}
