using Orchestrator.Testing;

namespace Orchestrator.Tests;

public sealed class SeededRandomSourceTests
{
    [Fact]
    public void The_same_seed_gives_the_same_ids_and_numbers()
    {
        var one = new SeededRandomSource(7);
        var two = new SeededRandomSource(7);
        var other = new SeededRandomSource(8);

        var first = Enumerable.Range(0, 50).Select(_ => (one.NewId(), one.NextUnit())).ToList();

        Assert.Equal(first, Enumerable.Range(0, 50).Select(_ => (two.NewId(), two.NextUnit())));
        Assert.DoesNotContain(other.NewId(), first.Select(pair => pair.Item1));
        Assert.Equal(50, first.Select(pair => pair.Item1).Distinct().Count());
        Assert.All(first, pair => Assert.InRange(pair.Item2, 0, 0.9999999999999999));
    }

    [Fact]
    public void A_seed_means_the_same_run_on_every_machine_and_in_every_version() =>
        Assert.Equal("46d08682-4097-44a3-95cf-ff46699c73c4", new SeededRandomSource(1).NewId().ToString());
}
