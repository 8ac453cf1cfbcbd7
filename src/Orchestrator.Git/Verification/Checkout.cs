using System.Text;

namespace Orchestrator;

/// <summary>The files of one revision on disk, for commands to run on. A repository of its own that borrows the user's objects.</summary>
/// <remarks>
/// Not a worktree of the user's repository: whatever a test does with git (commit, stash, move branches, set configuration) happens to this one, nothing of it is registered in
/// the user's, and a killed owner leaves nothing there. Its own git folder lies outside the files, and is written anew before every use, so a test cannot turn it against anyone.
/// Not safe for concurrent use.
/// </remarks>
internal sealed class Checkout
{
    private static readonly Dictionary<string, string> NoUserConfiguration = new() { ["GIT_CONFIG_GLOBAL"] = "/dev/null", ["GIT_CONFIG_NOSYSTEM"] = "1" };

    private readonly LocatedRepository _repository;
    private readonly OwnerFolder _owner;
    private readonly IWorkspace.Revision _base;
    private readonly string _gitFolder;
    private readonly string _index;
    private readonly GitCli _git;
    private readonly List<string> _kept = [];

    public Checkout(string executable, LocatedRepository repository, OwnerFolder owner, IWorkspace.Revision @base)
    {
        (_repository, _owner, _base) = (repository, owner, @base);
        Root = Path.Combine(owner.FullPath, "checkout");
        _gitFolder = Path.Combine(owner.FullPath, "git");
        _index = Path.Combine(owner.FullPath, "checkout-index");
        _git = new GitCli(executable, owner.FullPath, ["--git-dir", _gitFolder, "--work-tree", Root], new Dictionary<string, string>(NoUserConfiguration) { ["GIT_INDEX_FILE"] = _index });
    }

    /// <summary>The folder that commands run in.</summary>
    public string Root { get; }

    /// <summary>Whether the files were made anew since the last call of <see cref="KeepSetUpAsync"/>, so that the set-up has to run.</summary>
    public bool IsFresh { get; private set; } = true;

    /// <summary>Makes the folder hold exactly a revision's files, beside what is ignored.</summary>
    public async ValueTask ShowAsync(IWorkspace.Revision revision, CancellationToken cancellationToken)
    {
        WriteGitFolder(revision);
        if (IsFresh || !await TryUpdateAsync(revision, cancellationToken).ConfigureAwait(false))
        {
            // A command may have left what git cannot clean away (folders without permissions, a file in place of the root); a fresh folder always works.
            _owner.Delete(Root);
            _owner.Delete(_index);
            _kept.Clear();
            IsFresh = true;
            Directory.CreateDirectory(Root);
            WriteGitFolder(revision);
            await _git.DemandAsync(["read-tree", "--reset", "-u", revision.Tree], cancellationToken).ConfigureAwait(false);
        }

        Link();
        File.Copy(_index, Path.Combine(_gitFolder, "index"), overwrite: true);
    }

    /// <summary>Says that the set-up has run: what it left is kept from now on, ignored or not.</summary>
    public async ValueTask KeepSetUpAsync(CancellationToken cancellationToken)
    {
        var left = await _git.DemandAsync(["ls-files", "--others", "--exclude-standard", "--directory", "-z"], cancellationToken).ConfigureAwait(false);
        _kept.AddRange(left.Text.Split('\0', StringSplitOptions.RemoveEmptyEntries).Select(path => path.TrimEnd('/')));
        IsFresh = false;
    }

    private async ValueTask<bool> TryUpdateAsync(IWorkspace.Revision revision, CancellationToken cancellationToken)
    {
        if (!Directory.Exists(Root) || new DirectoryInfo(Root).LinkTarget is not null)
        {
            return false;
        }

        var update = await _git.RunAsync(["read-tree", "--reset", "-u", revision.Tree], cancellationToken).ConfigureAwait(false);
        return update.Succeeded && (await _git.RunAsync(["clean", "-ffdq"], cancellationToken).ConfigureAwait(false)).Succeeded;
    }

    private void WriteGitFolder(IWorkspace.Revision revision)
    {
        foreach (var folder in (string[])["objects/info", "refs/heads", "info"])
        {
            Directory.CreateDirectory(Path.Combine(_gitFolder, folder));
        }

        var hashed = _repository.ObjectFormat == "sha1" ? "\trepositoryformatversion = 0\n" : "\trepositoryformatversion = 1\n[extensions]\n\tobjectFormat = " + _repository.ObjectFormat + "\n[core]\n";
        Write("config", $"[core]\n{hashed}\tbare = false\n\thooksPath = /dev/null\n\tautocrlf = false\n[gc]\n\tauto = 0\n[user]\n\tname = Orchestrator\n\temail = orchestrator@localhost\n");
        Write("HEAD", (revision.Commit == revision.Tree ? _base.Commit : revision.Commit) + "\n");
        Write("objects/info/alternates", _repository.Objects + "\n");
        Write("info/exclude", string.Concat(_repository.Options.LinkedPaths.Concat(_kept).Select(path => $"/{Escape(path)}\n")));
        var shallow = Path.Combine(_repository.CommonFolder, "shallow");
        if (File.Exists(shallow))
        {
            File.Copy(shallow, Path.Combine(_gitFolder, "shallow"), overwrite: true);
        }

        if (Directory.Exists(Root))
        {
            var pointer = Path.Combine(Root, ".git");
            if (!File.Exists(pointer) || new FileInfo(pointer).LinkTarget is not null)
            {
                _owner.Delete(pointer);
            }

            File.WriteAllText(pointer, $"gitdir: {_gitFolder}\n");
        }
    }

    private void Link()
    {
        foreach (var path in _repository.Options.LinkedPaths)
        {
            var (here, there) = (Path.Combine(Root, path), Path.Combine(_repository.Path, path));
            if (Path.Exists(there) && !Path.Exists(here))
            {
                Directory.CreateDirectory(Path.GetDirectoryName(here)!);
                File.CreateSymbolicLink(here, there);
            }
        }
    }

    private void Write(string name, string text) => File.WriteAllText(Path.Combine(_gitFolder, name), text);

    private static string Escape(string path)
    {
        var escaped = new StringBuilder();
        foreach (var letter in path)
        {
            escaped.Append(letter is '*' or '?' or '[' or '\\' or ' ' or '!' or '#' ? "\\" : "").Append(letter);
        }

        return escaped.ToString();
    }
}
