using System.ComponentModel;
using System.Diagnostics;
using System.Text;

namespace Orchestrator;

/// <summary>Runs git on one repository, with everything turned off that a user's configuration could make it do beside the command itself.</summary>
/// <param name="executable">The git program.</param>
/// <param name="workingDirectory">Where it runs.</param>
/// <param name="location">The options that say which repository it works on.</param>
/// <param name="environment">Variables that every command gets.</param>
/// <param name="convertAsUser">Whether line ends, filters and sparseness are the user's own, as a look at the user's checkout needs them.</param>
internal sealed class GitCli(
    string executable,
    string workingDirectory,
    IReadOnlyList<string> location,
    IReadOnlyDictionary<string, string>? environment = null,
    bool convertAsUser = false)
{
    // Each of these keeps a repository's or a user's settings from running programs, rewriting bytes or writing beside what was asked for.
    private static readonly string[] Settings =
    [
        "core.hooksPath=/dev/null", "core.fsmonitor=false", "core.untrackedCache=false", "core.splitIndex=false",
        "core.quotePath=false", "core.commentChar=#", "commit.gpgSign=false", "log.showSignature=false", "gc.auto=0", "maintenance.auto=false",
        "i18n.commitEncoding=UTF-8", "i18n.logOutputEncoding=UTF-8",
    ];

    // These keep bytes as they are in the repository, and every file of it.
    private static readonly string[] ExactBytes =
        ["core.sparseCheckout=false", "index.sparse=false", "core.autocrlf=false", "core.safecrlf=false", "filter.lfs.smudge=", "filter.lfs.clean=", "filter.lfs.process=", "filter.lfs.required=false"];

    // Where configuration and trust lie is the user's business; which repository, index or identity is used is ours.
    private static readonly string[] KeptVariables =
        ["GIT_SSL", "GIT_SSH", "GIT_ASKPASS", "GIT_HTTP", "GIT_PROXY", "GIT_CONFIG_GLOBAL", "GIT_CONFIG_SYSTEM", "GIT_CONFIG_NOSYSTEM", "GIT_EXEC_PATH", "GIT_CEILING_DIRECTORIES"];

    /// <summary>Runs git to its end.</summary>
    /// <exception cref="OrchestratorException">Git is not installed.</exception>
    public async ValueTask<GitOutput> RunAsync(
        IReadOnlyList<string> arguments,
        CancellationToken cancellationToken,
        ReadOnlyMemory<byte> input = default,
        IReadOnlyDictionary<string, string>? variables = null)
    {
        using var process = Start(arguments, variables);
        try
        {
            using var output = new MemoryStream();
            var error = ReadErrorAsync(process);
            var feed = FeedAsync(process, input, cancellationToken);
            await process.StandardOutput.BaseStream.CopyToAsync(output, cancellationToken).ConfigureAwait(false);
            await feed.ConfigureAwait(false);
            var message = await error.ConfigureAwait(false);
            await process.WaitForExitAsync(cancellationToken).ConfigureAwait(false);
            return new GitOutput(arguments[0], process.ExitCode, output.ToArray(), message);
        }
        catch (OperationCanceledException)
        {
            Kill(process);
            throw;
        }
    }

    /// <summary>Runs git to its end and demands that it succeeds.</summary>
    /// <exception cref="OrchestratorException">It did not; the message holds git's own words.</exception>
    public async ValueTask<GitOutput> DemandAsync(
        IReadOnlyList<string> arguments,
        CancellationToken cancellationToken,
        ReadOnlyMemory<byte> input = default,
        IReadOnlyDictionary<string, string>? variables = null)
    {
        var output = await RunAsync(arguments, cancellationToken, input, variables).ConfigureAwait(false);
        return output.Succeeded ? output : throw output.Failure(workingDirectory);
    }

    /// <summary>Starts git and leaves its streams to the caller.</summary>
    public Process Start(IReadOnlyList<string> arguments, IReadOnlyDictionary<string, string>? variables = null)
    {
        var start = new ProcessStartInfo(ProgramPath.Find(executable))
        {
            WorkingDirectory = workingDirectory,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
            CreateNoWindow = true,
        };
        IEnumerable<string> settings = [.. Settings, .. convertAsUser ? [] : ExactBytes];
        foreach (var argument in (IEnumerable<string>)["--no-pager", "--no-optional-locks", "--literal-pathspecs", .. settings.SelectMany(setting => (string[])["-c", setting]), .. location, .. arguments])
        {
            start.ArgumentList.Add(argument);
        }

        foreach (var name in start.Environment.Keys.Where(IsForeign).ToList())
        {
            start.Environment.Remove(name);
        }

        foreach (var (name, value) in (IEnumerable<KeyValuePair<string, string>>)[.. Fixed, .. environment ?? Nothing, .. variables ?? Nothing])
        {
            start.Environment[name] = value;
        }

        try
        {
            return Process.Start(start)!;
        }
        catch (Win32Exception failure)
        {
            throw new OrchestratorException(
                Directory.Exists(workingDirectory)
                    ? $"Git could not be started as '{executable}' ({failure.Message}). Install git 2.32 or later, or name the program in GitOptions.Executable."
                    : $"The folder '{workingDirectory}' does not exist; correct the repository's path.",
                failure);
        }
    }

    public static void Kill(Process process)
    {
        try
        {
            process.Kill();
        }
        catch (InvalidOperationException)
        {
            // It has ended by itself.
        }
    }

    private static readonly Dictionary<string, string> Nothing = [];

    private static readonly Dictionary<string, string> Fixed = new()
    {
        ["LC_ALL"] = "C", ["GIT_TERMINAL_PROMPT"] = "0", ["GIT_OPTIONAL_LOCKS"] = "0", ["GIT_LFS_SKIP_SMUDGE"] = "1", ["GIT_ADVICE"] = "0",
    };

    private static bool IsForeign(string name) =>
        name.StartsWith("GIT_", StringComparison.Ordinal) && !KeptVariables.Any(kept => name.StartsWith(kept, StringComparison.Ordinal));

    private static async Task FeedAsync(Process process, ReadOnlyMemory<byte> input, CancellationToken cancellationToken)
    {
        try
        {
            await process.StandardInput.BaseStream.WriteAsync(input, cancellationToken).ConfigureAwait(false);
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // Git ended before it had read everything; its exit code and message say why.
        }
    }

    private static async Task<string> ReadErrorAsync(Process process)
    {
        using var reader = new StreamReader(process.StandardError.BaseStream, Encoding.UTF8);
        var text = await reader.ReadToEndAsync().ConfigureAwait(false);
        return text.Trim();
    }
}
