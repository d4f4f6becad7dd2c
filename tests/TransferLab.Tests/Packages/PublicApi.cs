using System.Reflection;
using System.Text;

namespace TransferLab.Tests.Packages;

/// <summary>What an assembly promises to others, one line a member, sorted: reviewed as text.</summary>
internal static class PublicApi
{
    private const BindingFlags Declared =
        BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    public static string Of(Assembly assembly)
    {
        StringBuilder text = new();
        foreach (Type type in assembly.GetExportedTypes().OrderBy(Name, StringComparer.Ordinal))
        {
            text.Append(Kind(type)).Append(' ').Append(Name(type)).Append(Bases(type)).Append('\n');
            foreach (string member in type.GetMembers(Declared).Select(Member).OfType<string>().Distinct().Order(StringComparer.Ordinal))
            {
                text.Append("    ").Append(member).Append('\n');
            }
        }

        return text.ToString();
    }

    private static string? Member(MemberInfo member) => member switch
    {
        FieldInfo field when field.IsPublic || field.IsFamily => field.DeclaringType!.IsEnum && !field.IsStatic
            ? null
            : $"{(field.IsLiteral ? "const " : field.IsStatic ? "static " : "")}{field.Name}: {Name(field.FieldType)}",
        PropertyInfo property when Visible(property.GetMethod) || Visible(property.SetMethod) =>
            $"{(property.GetAccessors(nonPublic: true)[0].IsStatic ? "static " : "")}{property.Name}{Indices(property)}: {Name(property.PropertyType)} "
                + $"{{{(Visible(property.GetMethod) ? " get;" : "")}{(Visible(property.SetMethod) ? " set;" : "")} }}",
        EventInfo @event when Visible(@event.AddMethod) => $"event {@event.Name}: {Name(@event.EventHandlerType!)}",
        ConstructorInfo constructor when Visible(constructor) && !constructor.IsStatic => $"new({Parameters(constructor)})",
        MethodInfo method when Visible(method)
            && IsOwn(method) => $"{(method.IsStatic ? "static " : "")}{method.Name}{Generics(method)}({Parameters(method)}): {Name(method.ReturnType)}",
        _ => null,
    };

    /// <summary>Not an accessor, and not what the compiler writes for every record.</summary>
    private static bool IsOwn(MethodInfo method) => !method.Name.StartsWith('<')
        && (!method.IsSpecialName || method.Name.StartsWith("op_Implicit", StringComparison.Ordinal))
        && method.Name is not ("PrintMembers" or "Deconstruct" or "Equals" or "GetHashCode" or "ToString");

    private static bool Visible(MethodBase? method) => method is not null && (method.IsPublic || method.IsFamily || method.IsFamilyOrAssembly)
        && !(method.DeclaringType!.IsSealed && method.IsFamily);

    private static string Parameters(MethodBase method) =>
        string.Join(", ",
            method.GetParameters().Select(p =>
                $"{(p.ParameterType.IsByRef ? p.IsOut ? "out " : "ref " : "")}{Name(p.ParameterType)} "
                    + $"{p.Name}{(p.HasDefaultValue ? " = " + (p.RawDefaultValue ?? "default") : "")}"));

    private static string Indices(PropertyInfo property) => property.GetIndexParameters() is { Length: > 0 } indices
        ? $"[{string.Join(", ", indices.Select(p => Name(p.ParameterType)))}]"
        : "";

    private static string Generics(MethodInfo method) => method.IsGenericMethodDefinition
        ? $"<{string.Join(", ", method.GetGenericArguments().Select(a => a.Name))}>"
        : "";

    private static string Kind(Type type) => type.IsEnum
        ? "enum"
        : type.IsInterface
        ? "interface"
        : type.IsValueType
        ? "struct"
        : type is { IsAbstract: true, IsSealed: true }
        ? "static class"
        : type.IsAbstract
        ? "abstract class"
        : type.IsSealed
        ? "sealed class"
        : "class";

    private static string Bases(Type type)
    {
        string[] bases =
            [.. new[] { type.BaseType }.Where(b => b is not null && b != typeof(object) && b != typeof(ValueType) && b != typeof(Enum)).Select(b => Name(b!))];
        return bases.Length == 0 ? "" : " : " + string.Join(", ", bases);
    }

    private static string Name(Type type)
    {
        if (type.IsByRef || type.IsArray || type.IsPointer)
        {
            return Name(type.GetElementType()!) + (type.IsArray ? "[]" : "");
        }

        if (type.IsGenericParameter)
        {
            return type.Name;
        }

        string name = (type.DeclaringType is { } outer ? Name(outer) + "." : type.Namespace is "System" ? "" : type.Namespace + ".") + type.Name.Split('`')[0];
        Type[] arguments = type.GetGenericArguments();
        return arguments.Length == 0 ? name : $"{name}<{string.Join(", ", arguments.Select(Name))}>";
    }
}
