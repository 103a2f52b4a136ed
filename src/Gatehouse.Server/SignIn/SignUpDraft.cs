using System.Text.Json.Serialization;
using Gatehouse.Kernel;

namespace Gatehouse.SignIn;

/// <summary>What a verification link carries: the account that will exist once it is followed.</summary>
/// <param name="Interaction">The sign-in under way when she asked; taken up again if the link opens in the same browser.</param>
internal sealed record SignUpDraft(string Email, string Name, string Locale, InteractionId? Interaction)
{
    /// <summary>As the Users room has it; checked there again.</summary>
    internal const int MaxNameLength = 200;
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(SignUpDraft))]
internal sealed partial class SignInJson : JsonSerializerContext;
