using System.ComponentModel;
using System.Diagnostics;
using System.Text;

namespace Orchestrator.Cli;

/// <summary>Asks git about the user's repository. Only ever reads: what is written goes through <see cref="FolderWriter"/> or the run's own workspace.</summary>
internal sealed class Git(string folder)
{
    public string Folder => folder;

    public async Task<Answer> RunAsync(CancellationToken cancellationToken, params string[] arguments)
    {
        string[] safe = ["--no-pager", "--no-optional-locks", "-c", "core.hooksPath=/dev/null", "-c", "core.fsmonitor=false", "-c", "core.quotePath=false", "-C", folder];
        var start = new ProcessStartInfo(ProgramPath.Find("git"), [.. safe, .. arguments])
        {
            RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false,
        };

        // A hook or an alias that calls this command says where its own repository is; that is not the one that is asked about.
        foreach (var name in start.Environment.Keys.Where(name => name.StartsWith("GIT_", StringComparison.Ordinal) && !name.StartsWith("GIT_CONFIG_", StringComparison.Ordinal) && name != "GIT_EXEC_PATH").ToList())
        {
            start.Environment.Remove(name);
        }

        start.Environment["LC_ALL"] = "C";
        Process process;
        try
        {
            process = Process.Start(start)!;
        }
        catch (Win32Exception e)
        {
            throw CliException.BadInput($"Git could not be started ({e.Message}); install git 2.32 or later.", e);
        }

        using (process)
        {
            process.StandardInput.Close();
            using var output = new MemoryStream();
            var error = process.StandardError.ReadToEndAsync(CancellationToken.None);
            await process.StandardOutput.BaseStream.CopyToAsync(output, cancellationToken).ConfigureAwait(false);
            await process.WaitForExitAsync(cancellationToken).ConfigureAwait(false);
            return new Answer(process.ExitCode == 0, output.ToArray(), (await error.ConfigureAwait(false)).Trim());
        }
    }

    /// <summary>Asks what must have an answer.</summary>
    public async Task<Answer> DemandAsync(CancellationToken cancellationToken, params string[] arguments)
    {
        var answer = await RunAsync(cancellationToken, arguments).ConfigureAwait(false);
        return answer.Succeeded ? answer : throw CliException.Refused($"'git {arguments[0]}' failed in '{folder}': {answer.Error}");
    }

    internal sealed record Answer(bool Succeeded, byte[] Bytes, string Error)
    {
        public string Text => Encoding.UTF8.GetString(Bytes);

        public string Line => Text.TrimEnd('\n');

        public string[] Parts => Text.Split('\0', StringSplitOptions.RemoveEmptyEntries);
    }
}
