using Orchestrator.Testing;

namespace BugfixAssistant;

/// <summary>What the model says where there is no key for a real one: written by hand, one reply for each role.</summary>
internal static class ScriptedReplies
{
    private const string Analysis = """
        {
          "status": "success",
          "likely_files": [{ "path": "src/Drafts/DraftStore.cs", "reason": "The top of the stack trace." }],
          "hypotheses": [{ "statement": "Save trims a title that is null for a new draft.", "evidence": "draft.Title!.Trim()" }],
          "notes": "",
          "warnings": []
        }
        """;

    private const string Edit = """
        ```diff name=patch
        --- a/src/Drafts/DraftStore.cs
        +++ b/src/Drafts/DraftStore.cs
        @@ -9,7 +9,7 @@
         
             public string Save(Draft draft)
             {
        -        var title = draft.Title!.Trim();
        +        var title = string.IsNullOrWhiteSpace(draft.Title) ? "Untitled" : draft.Title.Trim();
                 _drafts[title] = draft;
                 return title;
             }
        ```
        { "status": "success", "patch": "@section:patch", "notes": "A draft without a title is saved as \"Untitled\".", "warnings": [] }
        """;

    private const string Test = """
        ```csharp name=test
        using Drafts;
        using Xunit;

        public sealed class UntitledDraftTests
        {
            [Fact]
            public void A_new_draft_can_be_saved_and_is_counted()
            {
                var store = new DraftStore();

                store.Save(new Draft(null, "text"));

                Assert.Equal(1, store.Count);
            }
        }
        ```
        {
          "status": "success",
          "patch": null,
          "files": [{ "path": "tests/Drafts.Tests/UntitledDraftTests.cs", "code": "@section:test" }],
          "tests": ["UntitledDraftTests.A_new_draft_can_be_saved_and_is_counted"],
          "notes": "Saves a draft as the editor makes it: without a title.",
          "warnings": []
        }
        """;

    private const string Review = """
        { "status": "success", "verdict": "approved", "comments": [], "notes": "Small and to the point.", "warnings": [] }
        """;

    /// <summary>The scripted model.</summary>
    /// <param name="isWrong">Whether its patch leaves the bug where it is.</param>
    public static ScriptedChatClient Client(bool isWrong) => new ScriptedChatClient()
        .On("analysis", _ => Analysis)
        .On("code_edit", _ => isWrong ? Edit.Replace("\"Untitled\" :", "\"\" :", StringComparison.Ordinal) : Edit)
        .On("test_writer", _ => Test)
        .On("reviewer", _ => Review);
}
