using System.Globalization;
using System.Text.Json.Nodes;
using Orchestrator.Contracts;

namespace Orchestrator;

/// <summary>Makes the text that a model gets of a worker's input, within the model's window: what matters most goes in first, and what is left out is said.</summary>
/// <param name="capability">Whose input it is.</param>
/// <param name="model">The model's name, for the refusal.</param>
/// <param name="task">The task.</param>
/// <param name="budget">How much there is room for.</param>
/// <param name="files">Reads what belongs to it.</param>
internal sealed class InputFitter(string capability, string model, TaskRequest task, ContextBudget budget, IFileReader files)
{
    /// <summary>Fences, names and braces around a text.</summary>
    private const int Wrapping = 60;
    private const int MostRelated = 10;

    /// <summary>Of less than this nothing can be understood.</summary>
    private const int LeastPart = 150;

    private readonly List<SeenFile> _seen = [];
    private readonly HashSet<string> _whole = new(StringComparer.Ordinal);
    private readonly List<string> _partly = [];
    private readonly List<string> _leftOut = [];
    private IReadOnlyList<CodePlaces.Place> _places = [];
    private PathIndex? _index;
    private IReadOnlySet<string> _words = new HashSet<string>();

    /// <summary>What a model gets.</summary>
    /// <param name="Text">The text.</param>
    /// <param name="Tokens">About how many tokens it has.</param>
    /// <param name="Seen">The files that are in it only in part.</param>
    internal sealed record Fitted(string Text, int Tokens, IReadOnlyList<SeenFile> Seen);

    /// <exception cref="InputBindingException">What cannot be left out does not fit; nothing has been sent or paid for.</exception>
    public async ValueTask<Fitted> FitAsync(JsonObject input, CancellationToken cancellationToken)
    {
        var room = budget.Input;
        for (var tries = 0; tries < 4; tries++)
        {
            _seen.Clear();
            _whole.Clear();
            _partly.Clear();
            _leftOut.Clear();
            var text = await WriteAsync((JsonObject)input.DeepClone(), room, cancellationToken).ConfigureAwait(false);
            var tokens = TokenEstimate.Of(text);
            if (tokens <= budget.Input)
            {
                return new Fitted(text, tokens, [.. _seen.Where(file => !_whole.Contains(file.Path))]);
            }

            // What stands around the texts took more than was thought.
            room -= tokens - budget.Input + Wrapping;
        }

        throw new InputBindingException($"The input of '{capability}' cannot be made to fit. {Window}");
    }

    private string Window => FormattableString.Invariant(
        $"The window of the model '{model}' is {budget.Window} tokens, of which {budget.Input} are left for the input. Raise ModelOptions.ContextWindow if the model can hold more (--context-window on the command line) or lower MaxOutputTokens, narrow the paths, split the work, or take a model with a larger window.");

    private async ValueTask<string> WriteAsync(JsonObject json, int room, CancellationToken cancellationToken)
    {
        var pieces = InputPiece.Find(json, task);
        await LookAroundAsync(json, pieces, cancellationToken).ConfigureAwait(false);
        var left = room - FixedTokens(json, pieces);
        if (left < 0)
        {
            throw new InputBindingException($"What is asked of '{capability}' (goal, rules and the like) has about {Show(room - left)} tokens without any file. {Window}");
        }

        left -= PlaceTargets(pieces, left);
        left -= PlaceTexts(Of(pieces, InputPiece.Kind.Failure), "output of what failed", ContextBudget.Share(left, 1, 2));
        left -= PlaceReads(Of(pieces, InputPiece.Kind.Read), left * 2 / 3);
        left -= PlaceAttachments(json, Of(pieces, InputPiece.Kind.Attachment), ContextBudget.Share(left, 1, capability == Analysis.Capability ? 2 : 4));
        left -= await PlaceRelatedAsync(json, pieces, ContextBudget.Share(left, 1, 2), cancellationToken).ConfigureAwait(false);
        PlaceSummary(Of(pieces, InputPiece.Kind.Summary), left - (4 * Wrapping));
        return InputText.Of(json, task, Remarks());
    }

    /// <summary>Finds out what the input is about: the places that a log names, and the words that look like code.</summary>
    private async ValueTask LookAroundAsync(JsonObject json, IReadOnlyList<InputPiece> pieces, CancellationToken cancellationToken)
    {
        if (_index is not null)
        {
            return;
        }

        _index = new PathIndex(files.Revision is null ? [] : await files.ListAsync(cancellationToken).ConfigureAwait(false));
        var asked = string.Join('\n', ((string[])["goal", "behaviour", "report"]).Select(member => JsonShape.Text(json[member])));
        var told = Of(pieces, InputPiece.Kind.Failure).Concat(Of(pieces, InputPiece.Kind.Attachment)).Select(piece => piece.Text).Concat(task.Attachments.Select(attachment => attachment.Text));
        _places = [.. ((string[])[asked, .. told]).SelectMany(text => CodePlaces.Find(text)).Select(place => place with { File = _index.Meant(place.File) ?? "" }).Where(place => place.File.Length > 0).Distinct()];
        _words = Words.FromCode($"{asked}\n{task.Goal}");
    }

    private int FixedTokens(JsonObject json, IReadOnlyList<InputPiece> pieces)
    {
        foreach (var piece in pieces)
        {
            piece.Set("");
        }

        return TokenEstimate.Of(InputText.Of((JsonObject)json.DeepClone(), task, [])) + (Wrapping * (pieces.Count + 1));
    }

    private int PlaceTargets(IReadOnlyList<InputPiece> pieces, int left)
    {
        var used = 0;
        foreach (var whole in Of(pieces, InputPiece.Kind.Whole))
        {
            used += whole.Tokens;
            whole.Set(used <= left ? whole.Text : throw new InputBindingException($"The diff does not fit: it has about {Show(whole.Tokens)} tokens, and it is never shown in part. {Window}"));
        }

        var targets = Of(pieces, InputPiece.Kind.Target);

        // Of a file that the model could not even hold by itself, a few lines would be a guess at what matters.
        if (targets.Find(target => target.Tokens > budget.Window) is { } tooLarge)
        {
            throw new InputBindingException($"'{tooLarge.File}' does not fit: it has about {Show(tooLarge.Tokens)} tokens. {Window}");
        }

        var shares = Fair([.. targets.Select(target => target.Tokens)], Math.Min(left - used, budget.Targets));
        for (var at = 0; at < targets.Count; at++)
        {
            var target = targets[at];
            used += PlaceFile(target, shares[at])
                ?? throw new InputBindingException($"'{target.File}' does not fit: it has about {Show(target.Tokens)} tokens, and not even a part of it has room{(targets.Count > 1 ? $" beside {Show(targets.Count - 1)} other files" : "; its lines may be very long")}. {Window}");
        }

        return used;
    }

    private int PlaceReads(List<InputPiece> reads, int room)
    {
        var used = 0;
        var shares = Fair([.. reads.Select(read => read.Tokens)], room);
        for (var at = 0; at < reads.Count; at++)
        {
            if (PlaceFile(reads[at], shares[at]) is { } tokens)
            {
                used += tokens;
            }
            else
            {
                _leftOut.Add($"'{reads[at].File}' (about {Show(reads[at].Tokens)} tokens)");
                if (reads[at].File is { } unseen)
                {
                    _seen.Add(new SeenFile(unseen, reads[at].Text, []));
                }

                reads[at].Set(null);
            }
        }

        return used;
    }

    /// <returns>What it takes; <see langword="null"/> where no part of it fits.</returns>
    private int? PlaceFile(InputPiece piece, int share)
    {
        if (piece.Tokens <= share)
        {
            piece.Set(piece.Text);
            _whole.Add(piece.File!);
            return piece.Tokens;
        }

        if (Part(piece.File!, piece.Text, share) is not { } part)
        {
            return null;
        }

        piece.Set(part);
        return share;
    }

    /// <summary>The lines of a long file that matter here, as the model gets them.</summary>
    private JsonObject? Part(string path, string text, int tokens)
    {
        var places = _places.Where(place => place.File == path).Select(place => place.Line).Concat(FilePart.LinesNaming(text, _words)).ToList();
        if (tokens < LeastPart || FilePart.Choose(text, places, tokens) is not { } part)
        {
            return null;
        }

        _seen.Add(new SeenFile(path, text, part.Spans));
        _partly.Add($"'{path}' (lines {part.Shown} of {Show(part.Total)})");
        var json = new JsonObject { ["total_lines"] = part.Total };
        if (part.Outline.Count > 0)
        {
            json["outline"] = InputBinder.ToArray(part.Outline);
        }

        json["parts"] = new JsonArray([.. part.Spans.Select(span => (JsonNode)new JsonObject { ["lines"] = FilePart.Write(span), ["code"] = FilePart.TextOf(text, span) })]);
        return json;
    }

    /// <summary>Cuts logs to what matters.</summary>
    private int PlaceTexts(List<InputPiece> texts, string name, int room)
    {
        var used = 0;
        var shares = Fair([.. texts.Select(text => text.Tokens)], room);
        for (var at = 0; at < texts.Count; at++)
        {
            var cut = TextCut.ToTokens(texts[at].Text, shares[at], (text, most) => FailureText.Cut(text, most, IsOurs));
            texts[at].Set(cut);
            used += TokenEstimate.Of(cut);
            if (cut.Length == 0)
            {
                _leftOut.Add($"{name} (about {Show(texts[at].Tokens)} tokens)");
            }
        }

        return used;
    }

    /// <summary>The task's attachments, for those whose work they help; a caller may have put them into the logs already.</summary>
    private int PlaceAttachments(JsonObject json, List<InputPiece> inLogs, int room)
    {
        if (inLogs.Count > 0 || task.Attachments.Count == 0 || !(capability is Planner.Capability or Analysis.Capability or CodeEdit.Capability or CodeEdit.Batch.Capability or TestWriter.Capability))
        {
            return PlaceTexts(inLogs, "attachments", room);
        }

        var used = 0;
        var list = new JsonArray();
        var shares = Fair([.. task.Attachments.Select(attachment => TokenEstimate.Of(attachment.Text) + Wrapping)], room);
        for (var at = 0; at < shares.Length; at++)
        {
            var attachment = task.Attachments[at];
            var cut = TextCut.ToTokens(attachment.Text, shares[at] - Wrapping, (text, most) => FailureText.Cut(text, most, IsOurs));
            if (cut.Length == 0 && attachment.Text.Length > 0)
            {
                _leftOut.Add($"attachment '{attachment.Name}'");
                continue;
            }

            used += TokenEstimate.Of(cut) + Wrapping;
            list.Add((JsonNode)new JsonObject { ["name"] = attachment.Name, ["text"] = cut });
        }

        if (list.Count > 0)
        {
            json["attachments"] = list;
        }

        return used;
    }

    private async ValueTask<int> PlaceRelatedAsync(JsonObject json, IReadOnlyList<InputPiece> pieces, int room, CancellationToken cancellationToken)
    {
        if (json["context"] is not JsonObject context || capability == Planner.Capability || files.Revision is null || room < 2 * LeastPart)
        {
            return 0;
        }

        var known = pieces.Select(piece => piece.File).OfType<string>().ToHashSet(StringComparer.Ordinal);
        var anchors = pieces.Where(piece => piece.What is InputPiece.Kind.Target or InputPiece.Kind.Read && piece.File is not null).Select(piece => new RelatedFiles.Anchor(piece.File!, piece.Text)).ToList();
        var diff = pieces.FirstOrDefault(piece => piece.What == InputPiece.Kind.Whole)?.Text ?? "";
        var mentioned = DiffPaths.In(diff).Concat(_places.Select(place => place.File)).Distinct().ToList();
        var search = new RelatedFiles(files, _index!);
        var list = context["related_files"] as JsonArray ?? [];
        var used = 0;
        foreach (var found in await search.FindAsync(anchors, mentioned, known, MostRelated, cancellationToken).ConfigureAwait(false))
        {
            if (room - used < LeastPart || await search.TextAsync(found.Path, cancellationToken).ConfigureAwait(false) is not { Length: > 0 } text)
            {
                continue;
            }

            // None may push the others out.
            var share = Math.Min(room - used, room / 3) - Wrapping;
            var tokens = TokenEstimate.Of(text);
            var code = tokens <= share ? JsonValue.Create(text) : (JsonNode?)Part(found.Path, text, share);
            if (code is not null)
            {
                used += Math.Min(tokens, share) + Wrapping;
                list.Add((JsonNode)new JsonObject { ["path"] = found.Path, ["why"] = found.Why, ["code"] = code });
            }
        }

        if (list.Parent is null && list.Count > 0)
        {
            context["related_files"] = list;
        }

        return used;
    }

    private void PlaceSummary(List<InputPiece> summaries, int room)
    {
        foreach (var summary in summaries)
        {
            var cut = RepoSummary.Bound(summary.Text.Split('\n'), Math.Max(0, room));
            summary.Set(summary.Tokens <= room ? summary.Text : cut);
            if (cut.Length == 0)
            {
                _leftOut.Add("the summary of the repository");
            }
        }
    }

    private List<string> Remarks()
    {
        var remarks = new List<string>();
        if (_partly.Count > 0)
        {
            remarks.Add($"Given only in part: {Few(_partly)}. The lines between are there and are not shown. Change only lines that you have seen, number them as the whole file does, and never give such a file as a whole.");
        }

        if (_leftOut.Count > 0)
        {
            remarks.Add($"Left out for want of room: {Few(_leftOut)}.");
        }

        return remarks;
    }

    private static string Few(List<string> names)
    {
        const int Most = 25;
        return string.Join(", ", names.Take(Most)) + (names.Count > Most ? $" and {Show(names.Count - Most)} more" : "");
    }

    private bool IsOurs(string file) => _index?.Meant(file) is not null;

    private static List<InputPiece> Of(IReadOnlyList<InputPiece> pieces, InputPiece.Kind kind) => [.. pieces.Where(piece => piece.What == kind)];

    /// <summary>Shares a room out: who wants little gets it, the others the same each.</summary>
    private static int[] Fair(int[] wants, int room)
    {
        var shares = new int[wants.Length];
        var left = Math.Max(0, room);
        var waiting = Enumerable.Range(0, wants.Length).OrderBy(at => wants[at]).ToList();
        for (var at = 0; at < waiting.Count; at++)
        {
            shares[waiting[at]] = Math.Min(wants[waiting[at]], left / (waiting.Count - at));
            left -= shares[waiting[at]];
        }

        return shares;
    }

    private static string Show(int number) => number.ToString("N0", CultureInfo.InvariantCulture);
}
