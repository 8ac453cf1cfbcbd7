using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace Orchestrator;

/// <summary>Finds a command's processes in <c>/proc</c>: by descent, by session, and by the mark in their environment, which a process keeps when it leaves its group and its parent.</summary>
/// <remarks>A process that clears its environment, opens a session of its own and outlives its parent before the first look cannot be told from a stranger, and strangers are never hit.</remarks>
internal sealed class LinuxProcessTree : IProcessTree
{
    // Each pass ends all that is found; a process forking faster than that for so many passes is left with a note to nobody: it can no longer be told apart from an attack.
    private const int Passes = 200;

    public void End(string mark, int? root = null)
    {
        for (var pass = 0; pass < Passes; pass++)
        {
            var mine = Find(mark, root);
            if (mine.Count == 0)
            {
                return;
            }

            foreach (var process in mine)
            {
                Kill(process);
            }

            Thread.Yield();
        }
    }

    /// <summary>The living processes of a command.</summary>
    public static IReadOnlyList<ProcessEntry> Find(string mark, int? root = null)
    {
        var all = Directory.EnumerateDirectories("/proc")
            .Select(folder => int.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : 0)
            .Where(id => id > 0 && id != Environment.ProcessId)
            .Select(ProcessEntry.TryRead)
            .OfType<ProcessEntry>()
            .ToList();
        var mine = all.Where(process => process.Id == root || (root is not null && process.Session == root) || IsMarked(process.Id, mark)).ToDictionary(process => process.Id);
        for (var found = true; found;)
        {
            found = false;
            foreach (var process in all.Where(process => mine.ContainsKey(process.Parent)))
            {
                found |= mine.TryAdd(process.Id, process);
            }
        }

        return [.. mine.Values.Where(process => process.Alive)];
    }

    private static bool IsMarked(int id, string mark)
    {
        try
        {
            var environment = Encoding.UTF8.GetString(File.ReadAllBytes($"/proc/{id}/environ"));
            return environment.Split('\0').Any(entry =>
                entry.StartsWith(ProcessTree.MarkVariable + "=", StringComparison.Ordinal)
                && $"/{entry[(ProcessTree.MarkVariable.Length + 1)..]}/".Contains($"/{mark}/", StringComparison.Ordinal));
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // Ended meanwhile, or another user's.
            return false;
        }
    }

    private static void Kill(ProcessEntry entry)
    {
        try
        {
            using var process = Process.GetProcessById(entry.Id);

            // The number may have passed on to a stranger since it was read.
            if (ProcessEntry.TryRead(entry.Id)?.Started == entry.Started)
            {
                process.Kill();
            }
        }
        catch (Exception failure) when (failure is ArgumentException or InvalidOperationException or Win32Exception)
        {
            // It has ended by itself.
        }
    }
}

/// <summary>One line of the process table.</summary>
internal sealed record ProcessEntry(int Id, int Parent, int Session, ulong Started, bool Alive)
{
    public static ProcessEntry? TryRead(int id)
    {
        try
        {
            // The name stands in brackets and may hold anything, brackets too: the numbers begin after the last one.
            var text = File.ReadAllText($"/proc/{id}/stat");
            var fields = text[(text.LastIndexOf(')') + 2)..].Split(' ');
            var culture = CultureInfo.InvariantCulture;
            return new ProcessEntry(id, int.Parse(fields[1], culture), int.Parse(fields[3], culture), ulong.Parse(fields[19], culture), fields[0] is not ("Z" or "X"));
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or FormatException or IndexOutOfRangeException)
        {
            return null;
        }
    }
}
