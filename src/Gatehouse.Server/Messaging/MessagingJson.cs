using System.Text.Json.Serialization;

namespace Gatehouse.Messaging;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(MailMessageBody))]
internal sealed partial class MessagingJson : JsonSerializerContext;
