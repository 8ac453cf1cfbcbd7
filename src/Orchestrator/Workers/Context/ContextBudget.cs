namespace Orchestrator;

/// <summary>How many tokens of a model's window belong to what.</summary>
/// <param name="Window">All that the model can hold, its reply included.</param>
/// <param name="Reply">What is kept free for the reply.</param>
/// <param name="Prompt">What the role, the contract and the tools take.</param>
internal sealed record ContextBudget(int Window, int Reply, int Prompt)
{
    /// <summary>The most that automatically added files, attachments or failure output take of a large window: a model pays for every token each time.</summary>
    private const int MostExtra = 12_000;

    private const int MostRepair = 16_000;

    /// <summary>Kept free for a bad reply that is shown again.</summary>
    public int Repair => Math.Min(Math.Min(Reply, MostRepair), Window / 8);

    /// <summary>What the input may take.</summary>
    public int Input => (int)Math.Max(0L, (long)Window - Reply - Prompt - Repair);

    /// <summary>Beyond this, the files to work on are given in part.</summary>
    public int Targets => Input / 2;

    /// <summary>A share of what is left, within what is worth its price.</summary>
    public static int Share(int left, int part, int whole) => (int)Math.Max(0, Math.Min((long)left * part / whole, MostExtra));
}
