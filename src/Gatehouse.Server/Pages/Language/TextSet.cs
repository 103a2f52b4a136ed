namespace Gatehouse.Pages;

/// <summary>
/// The words of one room: an abstract class with a member per text and one sealed class per language. A text that a language lacks
/// does not compile, and a placeholder is a parameter. A test calls every member of every set and looks for what is empty, the same
/// in two languages, or ignores a parameter.
/// </summary>
public abstract class TextSet
{
    /// <summary>Picks a room's words.</summary>
    public static T Of<T>(Locale locale, T english, T persian) where T : TextSet => locale == Locale.Persian ? persian : english;

    /// <summary>
    /// Keeps something of unknown direction (an address, a name) from disturbing the text around it: FIRST STRONG ISOLATE … POP
    /// DIRECTIONAL ISOLATE (Unicode UAX #9 §2.4).
    /// </summary>
    protected static string Isolate(string value) => $"\u2068{value}\u2069";

    /// <summary>A number with a plus and bullets, which stays in its order whatever the language around it.</summary>
    protected static string IsolateLeftToRight(string value) => $"\u2066{value}\u2069";
}
