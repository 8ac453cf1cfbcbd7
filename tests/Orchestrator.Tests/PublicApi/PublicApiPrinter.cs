using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Runtime.CompilerServices;

namespace Orchestrator.Tests;

/// <summary>Prints the public surface of an assembly, one sorted line per member, so that a change of it shows in a review.</summary>
internal static class PublicApiPrinter
{
    private const BindingFlags Declared = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    private static readonly NullabilityInfoContext Nullability = new();

    /// <summary>What the compiler adds to every record says nothing about it.</summary>
    private static readonly HashSet<string> OfEveryRecord = ["<Clone>$", "PrintMembers", "GetHashCode", "Equals", "ToString", "op_Equality", "op_Inequality", "EqualityContract", "Deconstruct"];

    public static IEnumerable<string> Print(Assembly assembly) => assembly.GetExportedTypes().SelectMany(Print).Order(StringComparer.Ordinal);

    private static IEnumerable<string> Print(Type type)
    {
        yield return $"{NameOf(type)} : {KindOf(type)}{Bases(type)}{Constraints(type.GetGenericArguments())}{(type.IsNested ? "" : $", in {type.Namespace}")}";
        if (type.IsSubclassOf(typeof(MulticastDelegate)))
        {
            yield break;
        }

        foreach (var member in type.GetMembers(Declared).Where(member => member is not Type))
        {
            if (Print(type, member) is { } line)
            {
                yield return $"{NameOf(type)}.{line}";
            }
        }
    }

    private static string? Print(Type type, MemberInfo member) => member switch
    {
        FieldInfo { IsSpecialName: false } field when IsVisible(field) => type.IsEnum
            ? $"{field.Name} = {Convert.ToInt64(field.GetRawConstantValue(), null)}"
            : $"{field.Name} : {(field.IsLiteral ? "const " : field.IsStatic ? "static " : "")}{NameOf(field.FieldType, Nullability.Create(field))}{(field.IsLiteral ? $" = {field.GetRawConstantValue()}" : "")}",
        PropertyInfo property when property.GetAccessors(true).Any(IsVisible) && !(IsRecord(type) && OfEveryRecord.Contains(property.Name)) =>
            $"{property.Name}{Parameters(property.GetIndexParameters(), "[", "]")} : {Modifiers(property.GetAccessors(true)[0])}{NameOf(property.PropertyType, Nullability.Create(property))} {{{Accessors(property)} }}",
        EventInfo notice when notice.AddMethod is { } add && IsVisible(add) => $"{notice.Name} : event {NameOf(notice.EventHandlerType!)}",
        ConstructorInfo constructor when IsVisible(constructor) && !(IsRecord(type) && constructor.GetParameters() is [{ } only] && only.ParameterType == type) =>
            $"new{Parameters(constructor.GetParameters())}{Warnings(constructor)}",
        MethodInfo method when IsVisible(method) && (!method.IsSpecialName || (method.Name.StartsWith("op_", StringComparison.Ordinal) && !IsRecord(type)))
            && !(IsRecord(type) && OfEveryRecord.Contains(method.Name)) =>
            $"{method.Name}{Generics(method.GetGenericArguments())}{Parameters(method.GetParameters())} : {Modifiers(method)}{NameOf(method.ReturnType, Nullability.Create(method.ReturnParameter))}{Constraints(method.GetGenericArguments())}{Warnings(method)}",
        _ => null,
    };

    private static bool IsVisible(FieldInfo field) => field.IsPublic || field.IsFamily || field.IsFamilyOrAssembly;

    private static bool IsVisible(MethodBase method) => method.IsPublic || ((method.IsFamily || method.IsFamilyOrAssembly) && !method.DeclaringType!.IsSealed);

    private static bool IsRecord(Type type) => type.GetMethod("<Clone>$", Declared) is not null || (type.IsValueType && type.GetMethod("PrintMembers", Declared) is not null);

    private static string KindOf(Type type) =>
        type.IsEnum ? "enum"
        : type.IsInterface ? "interface"
        : type.IsSubclassOf(typeof(MulticastDelegate)) ? $"delegate {NameOf(type.GetMethod("Invoke")!.ReturnType)}{Parameters(type.GetMethod("Invoke")!.GetParameters())}"
        : type.IsValueType ? (type.IsDefined(typeof(IsReadOnlyAttribute), false) ? "readonly " : "") + (IsRecord(type) ? "record struct" : "struct")
        : (type is { IsAbstract: true, IsSealed: true } ? "static " : type.IsAbstract ? "abstract " : type.IsSealed ? "sealed " : "") + (IsRecord(type) ? "record" : "class");

    private static string Bases(Type type)
    {
        if (type.IsEnum || type.IsSubclassOf(typeof(MulticastDelegate)))
        {
            return "";
        }

        var parent = type.BaseType is { } known && known != typeof(object) && known != typeof(ValueType) ? [NameOf(known)] : Array.Empty<string>();
        var inherited = type.BaseType?.GetInterfaces() ?? [];
        var own = type.GetInterfaces().Except(inherited).Where(each => each.IsPublic && !each.Name.StartsWith("IEquatable", StringComparison.Ordinal)).Select(each => NameOf(each)).Order(StringComparer.Ordinal);
        var all = string.Join(", ", parent.Concat(own));
        return all.Length > 0 ? $" : {all}" : "";
    }

    private static string Accessors(PropertyInfo property)
    {
        var setter = property.SetMethod is { } set && IsVisible(set)
            ? set.ReturnParameter.GetRequiredCustomModifiers().Any(modifier => modifier.Name == "IsExternalInit") ? " init;" : " set;"
            : "";
        return (property.GetMethod is { } get && IsVisible(get) ? " get;" : "") + setter;
    }

    private static string Modifiers(MethodInfo method) =>
        method.DeclaringType!.IsInterface ? (method.IsStatic ? "static " : "")
        : method.IsStatic ? "static "
        : method.IsAbstract ? "abstract "
        : method.IsVirtual && method.GetBaseDefinition() != method ? "override "
        : method is { IsVirtual: true, IsFinal: false } && !method.DeclaringType.IsSealed ? "virtual "
        : "";

    private static string Parameters(ParameterInfo[] parameters, string open = "(", string close = ")") =>
        parameters.Length == 0 && open == "["
            ? ""
            : open + string.Join(", ", parameters.Select(parameter =>
                (parameter.IsDefined(typeof(ParamArrayAttribute), false) || parameter.IsDefined(typeof(ParamCollectionAttribute), false) ? "params " : parameter.IsOut ? "out " : parameter.ParameterType.IsByRef ? (parameter.IsIn ? "in " : "ref ") : "")
                + $"{NameOf(parameter.ParameterType, Nullability.Create(parameter))} {parameter.Name}{(parameter.HasDefaultValue ? $" = {(parameter.DefaultValue is string text ? $"\"{text}\"" : parameter.DefaultValue ?? "default")}" : "")}")) + close;

    private static string Constraints(Type[] arguments) => string.Concat(
        from argument in arguments
        where argument.IsGenericParameter
        let special = argument.GenericParameterAttributes
        let all = new[]
            {
                special.HasFlag(GenericParameterAttributes.ReferenceTypeConstraint) ? "class" : null,
                special.HasFlag(GenericParameterAttributes.NotNullableValueTypeConstraint) ? "struct" : null,
            }
            .OfType<string>()
            .Concat(argument.GetGenericParameterConstraints().Where(constraint => constraint != typeof(ValueType)).Select(constraint => NameOf(constraint)))
            .ToList()
        where all.Count > 0
        select $" where {argument.Name} : {string.Join(", ", all)}");

    /// <summary>What trimmed and ahead-of-time compiled applications are warned of.</summary>
    private static string Warnings(MethodBase method) =>
        (method.IsDefined(typeof(RequiresUnreferencedCodeAttribute), false) ? " [not trimmed]" : "") + (method.IsDefined(typeof(RequiresDynamicCodeAttribute), false) ? " [not compiled ahead]" : "");

    private static string Generics(Type[] arguments) => arguments.Length == 0 ? "" : $"<{string.Join(", ", arguments.Select(argument => NameOf(argument)))}>";

    private static string NameOf(Type type, NullabilityInfo? nullability = null)
    {
        if (type.IsByRef)
        {
            return NameOf(type.GetElementType()!, nullability);
        }

        if (Nullable.GetUnderlyingType(type) is { } underlying)
        {
            return NameOf(underlying) + "?";
        }

        var mark = nullability is { ReadState: NullabilityState.Nullable } && !type.IsValueType ? "?" : "";
        if (type.IsArray)
        {
            return $"{NameOf(type.GetElementType()!, nullability?.ElementType)}[]{mark}";
        }

        if (type.IsGenericParameter)
        {
            return type.Name + mark;
        }

        var name = type.Name.Split('`')[0];
        var all = type.GetGenericArguments();
        var own = all.Skip(type.DeclaringType?.GetGenericArguments().Length ?? 0).ToArray();
        var arguments = own.Select((argument, index) => NameOf(argument, nullability?.GenericTypeArguments.ElementAtOrDefault(index)));
        var full = own.Length == 0 ? name : $"{name}<{string.Join(", ", arguments)}>";
        return (type.IsNested ? $"{NameOf(type.DeclaringType!)}.{full}" : full) + mark;
    }
}
