using System.Reflection;
using Xunit.Abstractions;

namespace Orchestrator.Tests;

/// <summary>Run with ORCHESTRATOR_UPDATE_API=1 to accept a change of the public surface; the change then shows in the text files beside this one.</summary>
public sealed class PublicApiTests(ITestOutputHelper output)
{
    /// <summary>In the whole assembly, whatever the namespace (docs/decisions/counting-public-types.md).</summary>
    private const int MostTypes = 70;

    public static TheoryData<string> Assemblies => [.. SourceTree.Assemblies.Select(assembly => assembly.GetName().Name!)];

    [Theory]
    [MemberData(nameof(Assemblies))]
    public void The_public_surface_is_the_one_that_was_reviewed(string name)
    {
        var file = Path.Combine(Root.Path, "tests", "Orchestrator.Tests", "PublicApi", $"{name}.txt");
        var actual = PublicApiPrinter.Print(Assembly.Load(name)).ToList();
        if (Environment.GetEnvironmentVariable("ORCHESTRATOR_UPDATE_API") == "1")
        {
            File.WriteAllLines(file, actual);
        }

        var reviewed = File.Exists(file) ? File.ReadAllLines(file) : [];

        var changes = actual.Except(reviewed).Select(line => $"+ {line}").Concat(reviewed.Except(actual).Select(line => $"- {line}")).ToList();
        Assert.True(changes.Count == 0, $"{name} differs from PublicApi/{name}.txt. If that is meant, run the tests with ORCHESTRATOR_UPDATE_API=1.\n{string.Join('\n', changes)}");
        Assert.Equal(actual, reviewed);
    }

    [Fact]
    public void The_package_that_most_people_learn_stays_small()
    {
        // A closed union with its cases counts as one, and so do a record and the enums in it: nested types are not counted.
        var types = typeof(RunEvent).Assembly.GetExportedTypes().Where(type => !type.IsNested).ToList();

        output.WriteLine($"{types.Count} public types: {string.Join(", ", types.Select(type => type.Name).Order())}");
        Assert.True(types.Count <= MostTypes, $"Orchestrator has {types.Count} public types and may have {MostTypes}: make types internal, or nest what belongs to one other type.");
    }
}
