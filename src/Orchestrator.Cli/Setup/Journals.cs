using System.CommandLine;

namespace Orchestrator.Cli;

/// <summary>Where runs are kept: under the user's state folder, never inside the repository.</summary>
internal static class Journals
{
    public static Option<string?> Option { get; } = new("--journal") { Description = "The file that keeps the runs; by default 'orchestrator/runs.db' in the user's state folder ($XDG_STATE_HOME or ~/.local/state).", HelpName = "FILE" };

    /// <summary>The journal's path, and how a hint to the user names it where it is not the default.</summary>
    public static (string Path, string Hint) Locate(Surroundings surroundings, ParseResult parsed) => parsed.GetValue(Option) is { } given
        ? (surroundings.FullPath(given), $" --journal {given}")
        : (Default(surroundings), "");

    /// <summary>The journal, made where it does not exist yet.</summary>
    public static SqliteRunJournal Create(Surroundings surroundings, string path, Repository repository, bool isDefault)
    {
        if (isDefault)
        {
            var inside = Path.GetRelativePath(repository.Root, path);
            if (!inside.StartsWith("..", StringComparison.Ordinal) && !Path.IsPathRooted(inside))
            {
                throw CliException.BadInput($"The journal would be inside the repository, at '{path}'. Set XDG_STATE_HOME to a folder outside it, or give --journal.");
            }

            MakeFolder(Path.GetDirectoryName(path)!);
        }

        return new SqliteRunJournal(path, surroundings.Time);
    }

    /// <summary>The journal, which must exist.</summary>
    public static SqliteRunJournal Open(Surroundings surroundings, string path) => File.Exists(path)
        ? new SqliteRunJournal(path, surroundings.Time)
        : throw CliException.BadInput($"There is no journal at '{path}', so there are no runs in it; start one with 'orchestrator run', or name another journal with --journal.");

    private static string Default(Surroundings surroundings)
    {
        var state = surroundings.Variable("XDG_STATE_HOME") is { } set && Path.IsPathRooted(set) ? set
            : OperatingSystem.IsWindows() ? Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData)
            : surroundings.Variable("HOME") is { Length: > 0 } home ? Path.Combine(home, ".local", "state")
            : throw CliException.BadInput("Neither XDG_STATE_HOME nor HOME is set, so there is no place for the journal; name one with --journal.");
        return Path.Combine(state, "orchestrator", "runs.db");
    }

    private static void MakeFolder(string folder)
    {
        try
        {
            if (OperatingSystem.IsWindows())
            {
                Directory.CreateDirectory(folder);
            }
            else
            {
                // Journals hold source code.
                Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw CliException.BadInput($"The journal's folder '{folder}' cannot be made: {e.Message} Name a journal elsewhere with --journal.", e);
        }
    }
}
