using System.Text;
using Orchestrator.Patching;

namespace Orchestrator.Tests.Patching;

/// <summary>Short ways to say what a tree holds and what became of it.</summary>
internal static class Trees
{
    public static PatchTree Of(params (string Path, string Content)[] files) =>
        PatchTree.FromFiles(files.ToDictionary(file => file.Path, file => Encoding.UTF8.GetBytes(file.Content)));

    public static PatchResult Apply(string patch, params (string Path, string Content)[] files) => PatchSet.Parse(patch).Apply(Of(files));

    public static PatchResult.Applied Applied(PatchResult result)
    {
        if (result is PatchResult.Rejected rejected)
            Assert.Fail(rejected.RepairPrompt);
        return Assert.IsType<PatchResult.Applied>(result);
    }

    public static string Text(PatchResult result, string path) =>
        Encoding.UTF8.GetString(Assert.Single(Applied(result).Changes, change => change.Path == path).File!.Content.Span);

    public static PatchResult.Reject Refused(PatchResult result, string code)
    {
        var rejected = Assert.IsType<PatchResult.Rejected>(result);
        var reject = rejected.Rejects.FirstOrDefault(reject => reject.Code == code);
        Assert.True(reject is not null, $"Expected {code}, got {string.Join(", ", rejected.Rejects.Select(r => $"{r.Code}: {r.Message}"))}");
        return reject;
    }

    public static PatchOptions.Tolerance Rung(PatchResult result) => Applied(result).Hunks.Single().Rung;
}
