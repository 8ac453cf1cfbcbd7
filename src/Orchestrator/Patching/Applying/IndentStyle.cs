namespace Orchestrator.Patching;

/// <summary>Stops added lines that are indented in another way than the file where nothing shows that they were meant to be: on the way through a model or a copy tabs become spaces.</summary>
/// <remarks>
/// Hunks whose old text has lost its tabs say so on the ladder. This is about those whose old text has no indentation at all. They follow the other hunks of their file; where there are none,
/// any line of the patch that kept its tab, or git's own name of the result, clears them.
/// </remarks>
internal sealed class IndentStyle
{
    /// <summary>How many times as many lines the file has to have in its own style: raw strings and alignment make some in the other.</summary>
    private const int Dominance = 2;

    private readonly LineTable _file, _text;
    private readonly List<Placement> _places;
    private readonly bool _spacesMatched, _tabsMatched;
    private readonly IndentShift.Retabbed? _shift;

    public IndentStyle(LineTable file, LineTable text, List<Placement> places)
    {
        (_file, _text, _places) = (file, text, places);
        foreach (var place in places)
        {
            _shift ??= place.Shift as IndentShift.Retabbed;
            if (place.Shift is not null)
                continue;
            foreach (var line in place.Lines)
            {
                _spacesMatched |= line.IsOld && HasSpaces(line);
                _tabsMatched |= line.IsOld && HasTab(line);
            }
        }
    }

    /// <summary>Carries over what the other hunks of the file tell; the first hunk that stays in doubt, if any.</summary>
    public Placement? Settle(bool mayShift, Func<bool> isProved)
    {
        if (_spacesMatched && _tabsMatched)
            return null;
        for (var i = 0; i < _places.Count; i++)
        {
            if (!IsDoubtful(_places[i], out var tabs))
                continue;
            if (_shift?.FileHasTabs == tabs)
                continue;
            if (_shift is null && (_spacesMatched || _tabsMatched || !FileDiffers(tabs) || PatchKept(tabs)))
                return null;
            if (_shift is not null && mayShift && Carries(_places[i]))
                _places[i] = _places[i] with { Level = MatchLevel.Indent, Shift = _shift, Used = _places[i].Used | PatchOptions.Tolerance.Reindentation };
            else if (!isProved())
                return _places[i];
        }
        return null;
    }

    /// <summary>Whether a placement adds indented lines, all in one style, and its old lines show none.</summary>
    private bool IsDoubtful(Placement place, out bool tabs)
    {
        tabs = false;
        if (place.Shift is not null || Array.Exists(place.Lines, line => line.IsOld && (HasTab(line) || HasSpaces(line))))
            return false;
        tabs = Array.Exists(place.Lines, HasTab);
        return tabs != Array.Exists(place.Lines, HasSpaces);
    }

    private bool Carries(Placement place) => Array.TrueForAll(place.Lines, line => line.Kind != LineKind.Add || _shift!.Carry(_text.Slice(line.Start, line.Length)) is not null);

    /// <summary>Whether the file is indented throughout in the style that is not the added lines'.</summary>
    private bool FileDiffers(bool addedTabs)
    {
        var tabs = _file.Span.Count("\n\t"u8);
        var spaces = _file.Span.Count("\n  "u8);
        return addedTabs ? spaces > Dominance * tabs : tabs > Dominance * spaces;
    }

    /// <summary>Whether any line of the patch text has an indentation of the kind that would have been lost.</summary>
    private bool PatchKept(bool addedTabs)
    {
        foreach (var mark in (ReadOnlySpan<string>)["\n", "\n ", "\n+", "\n-"])
        {
            if (_text.Span.IndexOf(System.Text.Encoding.ASCII.GetBytes(mark + (addedTabs ? "  " : "\t"))) >= 0)
                return true;
        }
        return false;
    }

    private bool HasTab(HunkLine line) => _text.Slice(line.Start, line.Length).StartsWith("\t"u8) && !Trim.IsBlank(_text.Slice(line.Start, line.Length));

    private bool HasSpaces(HunkLine line) => _text.Slice(line.Start, line.Length).StartsWith("  "u8) && !Trim.IsBlank(_text.Slice(line.Start, line.Length));
}
