using Microsoft.Data.Sqlite;

namespace Orchestrator;

internal static class SqliteCommands
{
    public static SqliteCommand Command(this SqliteConnection connection, string text, params ReadOnlySpan<(string Name, object Value)> parameters)
    {
        var command = connection.CreateCommand();
#pragma warning disable CA2100 // Every text is a constant of this package; values travel as parameters.
        command.CommandText = text;
#pragma warning restore CA2100
        foreach (var (name, value) in parameters)
        {
            command.Parameters.AddWithValue(name, value);
        }

        return command;
    }

    /// <summary>Runs a statement and says how many rows it changed.</summary>
    public static int Execute(this SqliteConnection connection, string text, params ReadOnlySpan<(string Name, object Value)> parameters)
    {
        using var command = connection.Command(text, parameters);
        return command.ExecuteNonQuery();
    }
}
