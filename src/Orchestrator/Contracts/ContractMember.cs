using System.Text.Json.Serialization.Metadata;

namespace Orchestrator.Contracts;

/// <summary>What a contract says of one member, whether its metadata was generated or found by reflection.</summary>
internal static class ContractMember
{
    /// <summary>A member that has no default: it must be there.</summary>
    public static bool IsRequired(JsonPropertyInfo property) =>
        property.IsRequired || property.AssociatedParameter is { HasDefaultValue: false, IsMemberInitializer: false };

    /// <summary>Whether null is a value of the member, and not merely a way to leave it out.</summary>
    public static bool IsNullable(JsonPropertyInfo property) =>
        Nullable.GetUnderlyingType(property.PropertyType) is not null
        || (!property.PropertyType.IsValueType && (property.AssociatedParameter?.IsNullable ?? property.IsSetNullable));

    /// <summary>The members that are read from JSON.</summary>
    public static IEnumerable<JsonPropertyInfo> Of(JsonTypeInfo type) =>
        type.Properties.Where(property => !property.IsExtensionData && (property.Set is not null || property.AssociatedParameter is not null));
}
