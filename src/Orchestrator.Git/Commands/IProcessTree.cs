namespace Orchestrator;

/// <summary>Ends all processes that a command started. The one place that knows how this operating system shows its processes.</summary>
internal interface IProcessTree
{
    /// <summary>Ends every process that carries a mark, its descendants with it, until none is left.</summary>
    /// <param name="mark">The mark, or its leading parts: <c>owner</c> also names what was started as <c>owner/1</c>.</param>
    /// <param name="root">The process that the command was started as, while it has not been waited for.</param>
    void End(string mark, int? root = null);
}
