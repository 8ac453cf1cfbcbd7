using FsCheck;
using FsCheck.Fluent;

namespace Orchestrator.Tests;

public sealed class FoldProperties
{
    [Fact]
    public void Folding_twice_gives_the_same_state() => Prop.ForAll<int[]>(choices =>
    {
        var events = RandomRun.Of(choices);

        Assert.Equal(RandomRun.Show(TaskState.Fold(RandomRun.Run, events)), RandomRun.Show(TaskState.Fold(RandomRun.Run, events)));
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void An_older_state_never_changes_when_later_events_are_folded() => Prop.ForAll<int[]>(choices =>
    {
        var state = new TaskState(RandomRun.Run);
        var seen = new List<(TaskState State, string Shown)>();
        foreach (var recorded in RandomRun.Of(choices))
        {
            state = state.Apply(recorded);
            seen.Add((state, RandomRun.Show(state)));
        }

        Assert.All(seen, each => Assert.Equal(each.Shown, RandomRun.Show(each.State)));
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Two_futures_of_one_state_know_nothing_of_each_other() => Prop.ForAll<int[], int[], int[]>((past, one, other) =>
    {
        var common = RandomRun.Of(past);
        var state = TaskState.Fold(RandomRun.Run, common);
        var futures = new[] { one, other }.Select(choices =>
        {
            var events = common.ToList();
            RandomRun.Extend(events, choices);
            return events;
        }).ToList();

        // Event by event in turn, so that each future writes between the other's events.
        var states = new[] { state, state };
        for (var i = common.Count; i < futures.Max(future => future.Count); i++)
        {
            for (var branch = 0; branch < 2; branch++)
            {
                if (i < futures[branch].Count)
                {
                    states[branch] = states[branch].Apply(futures[branch][i]);
                }
            }
        }

        for (var branch = 0; branch < 2; branch++)
        {
            Assert.Equal(RandomRun.Show(TaskState.Fold(RandomRun.Run, futures[branch])), RandomRun.Show(states[branch]));
        }

        Assert.Equal(RandomRun.Show(TaskState.Fold(RandomRun.Run, common)), RandomRun.Show(state));
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void A_list_and_a_state_never_disagree() => Prop.ForAll<int[]>(choices =>
    {
        var events = RandomRun.Of(choices);

        var state = TaskState.Fold(RandomRun.Run, events);
        var summary = events.Aggregate(RunSummary.Empty(RandomRun.Run), (before, recorded) => before.Apply(recorded));

        Assert.Equal((state.Status, state.Sequence, state.At), (summary.Status, summary.Sequence, summary.ChangedAt));
        Assert.Equal((state.Task.Goal, state.Task.Tenant, state.Registration.Workflow), (summary.Goal, summary.Tenant, summary.Workflow));
        Assert.Equal((state.LastMail, state.Facts.AcceptedAt), (summary.LastMail, summary.AcceptedAt));
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Events_read_back_from_their_bytes_fold_to_the_same_state() => Prop.ForAll<int[]>(choices =>
    {
        var events = RandomRun.Of(choices);

        var read = events.Select(recorded => recorded with { Event = RunEventJson.Read(RunEventJson.KindOf(recorded.Event), RunEventJsonTests.Write(recorded.Event)) });

        Assert.Equal(RandomRun.Show(TaskState.Fold(RandomRun.Run, events)), RandomRun.Show(TaskState.Fold(RandomRun.Run, read)));
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void No_money_is_lost_or_made_up() => Prop.ForAll<int[]>(choices =>
    {
        var state = new TaskState(RandomRun.Run);
        foreach (var recorded in RandomRun.Of(choices))
        {
            var before = state.Spending;
            state = state.Apply(recorded);
            var after = state.Spending;
            switch (recorded.Event)
            {
                case RunEvent.AttemptStarted:
                    Assert.Equal((before.Cost, before.HeldCost + 0.5m), (after.Cost, after.HeldCost));
                    break;
                case RunEvent.AttemptEnded:
                    Assert.Equal((before.Cost + 0.25m, before.HeldCost - 0.5m), (after.Cost, after.HeldCost));
                    break;
                case RunEvent.Claimed:
                    Assert.Equal((before.Cost + before.HeldCost, 0m, before.Used + before.HeldTokens), (after.Cost, after.HeldCost, after.Used));
                    break;
                default:
                    Assert.Same(before, after);
                    break;
            }
        }
    }).QuickCheckThrowOnFailure();
}
