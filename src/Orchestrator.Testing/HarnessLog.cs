using Microsoft.Extensions.Logging;

namespace Orchestrator.Testing;

/// <summary>Keeps every line that is logged, with its scopes.</summary>
internal sealed class HarnessLog : ILoggerFactory
{
    private readonly Lock _gate = new();
    private readonly List<LogLine> _lines = [];
    private readonly LoggerExternalScopeProvider _scopes = new();

    public IReadOnlyList<LogLine> Lines
    {
        get
        {
            lock (_gate)
            {
                return [.. _lines];
            }
        }
    }

    public ILogger CreateLogger(string categoryName) => new Logger(this, categoryName);

    public void AddProvider(ILoggerProvider provider)
    {
        // Lines go nowhere else.
    }

    public void Dispose()
    {
        // The lines outlive the host.
    }

    private sealed class Logger(HarnessLog log, string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => log._scopes.Push(state);

        public bool IsEnabled(LogLevel logLevel) => logLevel != LogLevel.None;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            var scope = new Dictionary<string, object?>();
            log._scopes.ForEachScope(
                static (each, into) =>
                {
                    foreach (var (name, value) in each as IEnumerable<KeyValuePair<string, object>> ?? [])
                    {
                        into[name] = value;
                    }
                },
                scope);
            var line = new LogLine(logLevel, category, formatter(state, exception), exception, scope);
            lock (log._gate)
            {
                log._lines.Add(line);
            }
        }
    }
}
