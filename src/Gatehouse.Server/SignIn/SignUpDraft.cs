using System.Text.Json.Serialization;
using Gatehouse.Credentials;
using Gatehouse.Kernel;
using Gatehouse.SignIn.Headless;

namespace Gatehouse.SignIn;

/// <summary>What a verification link carries, or a program's run: the account that will exist once the address is proved.</summary>
/// <param name="Interaction">The sign-in under way when she asked; taken up again if the link opens in the same browser.</param>
/// <param name="Client">For which application: what the tenant's flow asks depends on it, wherever the link is opened.</param>
/// <param name="User">Who she will be: a passkey is made for somebody.</param>
/// <param name="Proved">Whether the code was typed that was sent to the address, where it stands in a program's run (<see cref="SignUpRun"/>).</param>
internal sealed record SignUpDraft(string Email, string Name, string Locale, InteractionId? Interaction, ClientId? Client = null, UserId? User = null, bool Proved = false);

/// <summary>Drafts, and what steps put into the JSON API: each step's data is named here.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(SignUpDraft))]
[JsonSerializable(typeof(IdentifierData))]
[JsonSerializable(typeof(PasskeyRequest))]
[JsonSerializable(typeof(CodeData))]
[JsonSerializable(typeof(PasswordData))]
[JsonSerializable(typeof(EnrolData))]
[JsonSerializable(typeof(NewPasswordData))]
[JsonSerializable(typeof(SentCodeData))]
[JsonSerializable(typeof(SmsCodeData))]
[JsonSerializable(typeof(TermsData))]
[JsonSerializable(typeof(OrganizationData))]
[JsonSerializable(typeof(CollectData))]
[JsonSerializable(typeof(SignUpData))]
[JsonSerializable(typeof(ValueFault[]))]
[JsonSerializable(typeof(FlowDocument))]
[JsonSerializable(typeof(ChallengeError))]
[JsonSerializable(typeof(StartFlow.Request), TypeInfoPropertyName = "StartFlowRequest")]
[JsonSerializable(typeof(SubmitFlow.Request), TypeInfoPropertyName = "SubmitFlowRequest")]
[JsonSerializable(typeof(StepFlow.Request), TypeInfoPropertyName = "StepFlowRequest")]
[JsonSerializable(typeof(AskFlow.Request), TypeInfoPropertyName = "AskFlowRequest")]
internal sealed partial class SignInJson : JsonSerializerContext;
