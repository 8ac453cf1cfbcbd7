using Microsoft.Extensions.AI;

namespace Orchestrator;

/// <summary>The models of one call or of one decision.</summary>
/// <param name="models">All models that are registered.</param>
/// <param name="log">Records the attempts of that call or decision.</param>
/// <param name="time">Measures, waits and times out.</param>
/// <param name="random">Spreads retries.</param>
/// <param name="progress">Gets the text of replies as it arrives.</param>
/// <param name="redactor">Keeps secrets out of recorded errors.</param>
internal sealed class MeteredModels(
    IReadOnlyCollection<RegisteredModel> models,
    IAttemptLog log,
    TimeProvider time,
    IRandomSource random,
    Action<string>? progress = null,
    Redactor? redactor = null) : IModels
{
    public IChatClient Get(string name)
    {
        foreach (var model in models)
        {
            if (model.Name == name)
            {
                return new MeteredChatClient(model, log, time, random, progress ?? (static _ => { }), redactor ?? Redactor.ShapesOnly);
            }
        }

        var known = models.Count == 0 ? "none is" : "registered are: " + string.Join(", ", models.Select(model => model.Name));
        throw new OrchestratorException($"No model '{name}' is registered ({known}). Register it with AddModel(\"{name}\", …) or ask for another.");
    }
}
