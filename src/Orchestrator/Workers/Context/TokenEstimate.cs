namespace Orchestrator;

/// <summary>Guesses how many tokens a model makes of a text, rather too many than too few: no tokenizer is at hand for every model.</summary>
/// <remarks>
/// Three ASCII letters or spaces to a token, two punctuation marks, one digit, two bytes of anything else. Tokenizers in use put about four letters of code or
/// prose into one. Text that was made to be long in tokens (noise, base64) may still have more.
/// </remarks>
internal static class TokenEstimate
{
    private const int Unit = 6;

    public static int Of(ReadOnlySpan<char> text)
    {
        long parts = 0;
        foreach (var letter in text)
        {
            parts += Weight(letter);
        }

        return (int)Math.Min(int.MaxValue, (parts + Unit - 1) / Unit);
    }

    private static int Weight(char letter) => letter switch
    {
        ' ' => 2,
        < '\u0080' => char.IsAsciiLetter(letter) ? 2 : char.IsAsciiDigit(letter) ? 6 : 3,
        < '\u0800' => 6,
        _ => char.IsSurrogate(letter) ? 6 : 9,
    };
}
