using System.Collections;
using System.Reflection;

namespace Orchestrator.Tests;

/// <summary>Looks through an object of ours for lists that are null although their type says that they cannot be.</summary>
internal static class Nullness
{
    private static readonly NullabilityInfoContext Context = new();

    public static void AssertNoNullCollections(object root) => Visit(root, root.GetType().Name, 0);

    private static void Visit(object value, string path, int depth)
    {
        if (value is IEnumerable items and not string)
        {
            foreach (var item in items)
            {
                if (item is not null)
                {
                    Visit(item, path + "[]", depth + 1);
                }
            }

            return;
        }

        if (depth > 12 || value.GetType().Assembly != typeof(RunEvent).Assembly || value is Payload)
        {
            return;
        }

        foreach (var property in value.GetType().GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(property => property.GetIndexParameters().Length == 0))
        {
            // Computed properties may lean on members that the contract requires and this JSON lacks.
            if (property.SetMethod is null)
            {
                continue;
            }

            var content = property.GetValue(value);
            if (content is not null)
            {
                Visit(content, $"{path}.{property.Name}", depth + 1);
            }
            else if (property.PropertyType != typeof(string) && typeof(IEnumerable).IsAssignableFrom(property.PropertyType)
                && Context.Create(property).ReadState == NullabilityState.NotNull)
            {
                Assert.Fail($"{path}.{property.Name} is null.");
            }
        }
    }
}
