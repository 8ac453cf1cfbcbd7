namespace Orchestrator.Patching;

/// <summary>Applies patch sets to trees held in memory.</summary>
public static class PatchApplier
{
    /// <summary>Applies a set whole, or says why not.</summary>
    /// <param name="patch">The edits.</param>
    /// <param name="current">The files as they are now.</param>
    /// <param name="base">The files the patch was made from, where they may differ from the current ones. Places are then found in the base and carried over by a three-way merge, so that a look-alike in the moved file is never taken.</param>
    /// <param name="options">Tolerances, limits and checks.</param>
    /// <returns>New files, rejects or conflicts; the trees themselves never change. The same arguments give the same result.</returns>
    /// <remarks>Pure: no disk, no clock. Throws only what the trees' or the syntax gate's delegates throw.</remarks>
    public static PatchResult Apply(PatchSet patch, PatchTree current, PatchTree? @base = null, PatchOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(patch);
        ArgumentNullException.ThrowIfNull(current);
        return new TreeApplication(patch, current, @base, options ?? PatchOptions.Default).Run();
    }
}
