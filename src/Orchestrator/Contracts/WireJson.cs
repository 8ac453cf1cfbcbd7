using System.Diagnostics.CodeAnalysis;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace Orchestrator;

/// <summary>The two JSON profiles: strict for what workers and models return, tolerant for what journals hold. Both write snake_case.</summary>
internal static class WireJson
{
    /// <summary>The tolerant profile over generated metadata: a newer writer's members are passed over.</summary>
    public static JsonSerializerOptions Tolerant(IJsonTypeInfoResolver resolver) => Make(resolver, strict: false);

    /// <summary>
    /// The strict profile: required members must be there and must not be null. Unknown members do not fail here; the contract reader reports them as warnings,
    /// because asking a model again for a superfluous member costs more than it is worth.
    /// </summary>
    public static JsonSerializerOptions Strict(IJsonTypeInfoResolver resolver) => Make(resolver, strict: true);

    /// <summary>The strict profile by reflection, for hosts that are neither trimmed nor compiled ahead of time.</summary>
    public static JsonSerializerOptions Reflective
    {
        [RequiresUnreferencedCode("Serialises by reflection.")]
        [RequiresDynamicCode("Serialises by reflection.")]
        get => ReflectiveHolder.Options;
    }

    private static JsonSerializerOptions Make(IJsonTypeInfoResolver resolver, bool strict)
    {
        var options = new JsonSerializerOptions
        {
            TypeInfoResolver = resolver,
            PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
            DictionaryKeyPolicy = null,
            AllowOutOfOrderMetadataProperties = true,
            RespectRequiredConstructorParameters = strict,
            RespectNullableAnnotations = strict,
            DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
            Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        };
        options.MakeReadOnly();
        return options;
    }

    [RequiresUnreferencedCode("Serialises by reflection.")]
    [RequiresDynamicCode("Serialises by reflection.")]
    private static class ReflectiveHolder
    {
        public static JsonSerializerOptions Options { get; } = new(Strict(new DefaultJsonTypeInfoResolver()))
        {
            Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower) },
        };
    }
}
