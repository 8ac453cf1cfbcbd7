using Orchestrator.Testing;

namespace WebHost;

/// <summary>What the model says where there is no key for a real one: written by hand, the same for every bug.</summary>
internal static class ScriptedReplies
{
    private const string Analysis = """
        {
          "status": "success", "likely_files": [{ "path": "slug.sh", "reason": "It makes the name." }],
          "hypotheses": [{ "statement": "An empty title gives an empty name.", "evidence": "title=$1" }], "notes": "", "warnings": []
        }
        """;

    private const string Fix = """
        ```diff name=patch
        --- a/slug.sh
        +++ b/slug.sh
        @@ -1,3 +1,3 @@
         # Prints the file name of a draft, made from its title.
        -title=$1
        +title=${1:-Untitled}
         printf '%s.txt\n' "$(printf '%s' "$title" | tr 'A-Z ' 'a-z-')"
        ```
        { "status": "success", "patch": "@section:patch", "notes": "A draft without a title is called untitled.", "warnings": [] }
        """;

    private const string Test = """
        ```sh name=test
        test "$(sh slug.sh)" = untitled.txt
        ```
        { "status": "success", "patch": null, "files": [{ "path": "tests/missing_title.sh", "code": "@section:test" }], "tests": ["missing_title"], "notes": "", "warnings": [] }
        """;

    private const string Review = """{ "status": "success", "verdict": "approved", "comments": [], "notes": "", "warnings": [] }""";

    public static ScriptedChatClient Client() => new ScriptedChatClient().On("analysis", _ => Analysis).On("code_edit", _ => Fix).On("test_writer", _ => Test).On("reviewer", _ => Review);
}
