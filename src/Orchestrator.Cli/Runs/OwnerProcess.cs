using System.Diagnostics;
using System.Globalization;

namespace Orchestrator.Cli;

/// <summary>Reads who drives a run (<c>machine/process/id</c>), to tell a process that is gone from one that is at work.</summary>
internal static class OwnerProcess
{
    /// <summary>Whether the owner was a process of this machine that is there no more. Where that cannot be told, it is taken to be there.</summary>
    public static bool IsGone(string owner)
    {
        if (owner.Split('/') is not [var machine, var number, _] || machine != Environment.MachineName || !int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var id))
        {
            return false;
        }

        try
        {
            using var process = Process.GetProcessById(id);
            return process.HasExited;
        }
        catch (ArgumentException)
        {
            return true;
        }
    }
}
