using System.ComponentModel;
using System.Diagnostics;

namespace Orchestrator;

/// <summary>Chooses how processes are found on this operating system, and marks them.</summary>
internal static class ProcessTree
{
    /// <summary>The variable whose value marks every process of a command, whoever its parent is.</summary>
    public const string MarkVariable = "ORCHESTRATOR_COMMAND";

    public static IProcessTree OfThisSystem { get; } = OperatingSystem.IsLinux() ? new LinuxProcessTree() : new PortableProcessTree();

    /// <summary>The value of the mark: that of a command which this process itself belongs to comes first, so that ending the outer one ends the inner one too.</summary>
    public static string MarkOf(string command) =>
        Environment.GetEnvironmentVariable(MarkVariable) is { Length: > 0 } outer ? $"{outer}/{command}" : command;

    /// <summary>Ends what the runtime knows as children of the command's process. Untested outside Linux; a child that left the tree escapes it.</summary>
    private sealed class PortableProcessTree : IProcessTree
    {
        public void End(string mark, int? root)
        {
            try
            {
                if (root is { } id)
                {
                    Process.GetProcessById(id).Kill(entireProcessTree: true);
                }
            }
            catch (Exception failure) when (failure is ArgumentException or InvalidOperationException or Win32Exception or AggregateException)
            {
                // It has ended by itself.
            }
        }
    }
}
