using System.CommandLine;
using Orchestrator.Patching;

namespace Orchestrator.Cli;

/// <summary><c>orchestrator patch apply|check</c>: the patch engine on a real folder.</summary>
internal static class PatchCommand
{
    public static Command Create(Surroundings surroundings) => new("patch", "Applies patches as models write them: exactly where they are meant, or not at all.")
    {
        Create(surroundings, "apply", "Applies a patch to a folder, whole or not at all.", writes: true),
        Create(surroundings, "check", "Says where a patch would go, and changes nothing.", writes: false),
    };

    private static Command Create(Surroundings surroundings, string name, string description, bool writes)
    {
        var root = new Option<string>("--root") { Description = "The folder to patch.", Required = true, HelpName = "DIR" };
        var patch = new Option<string>("--patch") { Description = "The file that holds the patch; '-' or nothing for standard input.", HelpName = "FILE", DefaultValueFactory = _ => "-" };
        var @base = new Option<string?>("--base") { Description = "A folder with the files that the patch was made from, where they may differ from the present ones.", HelpName = "DIR" };
        var without = new Option<string[]>("--without") { Description = $"Switches a tolerance off: {string.Join(", ", Tolerances.Names)}. May be given several times.", HelpName = "TOLERANCE", DefaultValueFactory = _ => [] };
        var command = new Command(name, description) { root, patch, @base, without };
        command.Does(surroundings, async (parsed, interrupt) =>
        {
            var options = PatchOptions.Default with { Tolerances = Tolerances.AllBut(parsed.GetValue(without)!) };
            var folder = Folder.Open(surroundings.FullPath(parsed.GetValue(root)!), "--root");
            var from = parsed.GetValue(@base) is { } path ? Folder.Open(surroundings.FullPath(path), "--base").ToTree() : null;
            var text = await ReadAsync(surroundings, parsed.GetValue(patch)!, interrupt).ConfigureAwait(false);
            var result = PatchSet.Parse(text, options).Apply(folder.ToTree(), from, options);
            if (writes && result is PatchResult.Applied applied)
            {
                FolderWriter.Write(folder, applied.Changes, null, interrupt);
            }

            await PatchReport.WriteAsync(surroundings, result, folder, writes, CommonOptions.IsJson(parsed)).ConfigureAwait(false);
            return result is PatchResult.Applied ? ExitCode.Succeeded : ExitCode.Refused;
        });
        return command;
    }

    private static async Task<byte[]> ReadAsync(Surroundings surroundings, string patch, CancellationToken cancellationToken)
    {
        try
        {
            if (patch != "-")
            {
                if (Directory.Exists(surroundings.FullPath(patch)))
                {
                    throw CliException.BadInput($"--patch: '{patch}' is a folder; give the file that holds the patch.");
                }

                return await File.ReadAllBytesAsync(surroundings.FullPath(patch), cancellationToken).ConfigureAwait(false);
            }

            using var text = new MemoryStream();
            var input = surroundings.In();
            await using var closing = input.ConfigureAwait(false);
            await input.CopyToAsync(text, cancellationToken).ConfigureAwait(false);
            return text.ToArray();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw CliException.BadInput($"--patch: '{patch}' cannot be read: {e.Message}", e);
        }
    }
}
