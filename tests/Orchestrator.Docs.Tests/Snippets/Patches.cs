// <snippet:patches>
using Orchestrator.Patching;

// </snippet>
namespace Orchestrator.Docs.Tests.Examples;

internal static class Patches
{
    public static PatchResult Apply(string reply, IReadOnlyDictionary<string, PatchTree.File> files)
    {
        // <snippet:patches>
        PatchSet patch = PatchSet.Parse(reply);                       // never throws on content; see patch.Problems
        PatchTree tree = PatchTree.FromFiles(files);                  // or FromDelegates(read, paths)
        PatchResult result = patch.Apply(tree);
        switch (result)
        {
            case PatchResult.Applied done:       /* done.Changes: path, new bytes and mode, or null for a deletion */ break;
            case PatchResult.Rejected refused:   /* refused.RepairPrompt goes back to the model */ break;
            case PatchResult.Conflicted both:    /* both sides of every stretch that clashed */ break;
        }
        // </snippet>
        return result;
    }
}
