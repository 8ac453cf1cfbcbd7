using System.Diagnostics;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Text.RegularExpressions;
using Xunit.Abstractions;

namespace Orchestrator.Docs.Tests;

/// <summary>The output that the README shows is the output that its reader gets.</summary>
public sealed partial class HelloTests(ITestOutputHelper output)
{
    [Fact]
    public async Task The_readme_shows_what_hello_prints()
    {
        var printed = (await RunAsync("Hello.dll")).Split('\n').Select(Normal).ToList();
        var shown = Pages.Blocks(Pages.Readme).First(block => block.Language == "text").Code.Value.Split('\n', StringSplitOptions.RemoveEmptyEntries);

        Assert.True(shown.Length >= 8, "The README shows hardly any output.");
        foreach (var line in shown.Where(line => line != "…"))
        {
            // Each shown line takes one printed line, so that what is shown twice must be printed twice.
            Assert.True(printed.Remove(Normal(line)), $"Hello does not print '{line}'; it prints\n{string.Join('\n', printed)}");
        }
    }

    [Fact]
    public void Hello_meets_at_most_fifteen_of_our_types()
    {
        using var file = File.OpenRead(Path.Combine(AppContext.BaseDirectory, "Hello.dll"));
        using var image = new PEReader(file);
        var metadata = image.GetMetadataReader();
        var ours = metadata.AssemblyReferences.Single(reference => metadata.GetString(metadata.GetAssemblyReference(reference).Name) == "Orchestrator");

        var met = metadata.TypeReferences.Select(metadata.GetTypeReference)
            .Where(type => type.ResolutionScope == ours)
            .Select(type => metadata.GetString(type.Name))
            .Order()
            .ToList();

        output.WriteLine(string.Join(", ", met));
        Assert.InRange(met.Count, 1, 15);
    }

    private static async Task<string> RunAsync(string sample)
    {
        using var process = Process.Start(new ProcessStartInfo("dotnet", ["exec", Path.Combine(AppContext.BaseDirectory, sample)]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var error = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(60));
        Assert.True(process.ExitCode == 0, $"{output}\n{await error}");
        return output;
    }

    /// <summary>A line without what differs from run to run: times, ids, numbers of events, and which of two calls side by side comes first.</summary>
    private static string Normal(string line) => Varying().Replace(line.TrimEnd(), "*");

    [GeneratedRegex(@"^\d+\. |`\d\d:\d\d:\d\d\.\d{3}`|\b[0-9a-f]{32}\b|\bc\d+\b")]
    private static partial Regex Varying();
}
