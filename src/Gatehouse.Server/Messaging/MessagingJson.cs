using System.Text.Json.Serialization;

namespace Gatehouse.Messaging;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    AllowDuplicateProperties = false)]
[JsonSerializable(typeof(MailMessageBody))]
[JsonSerializable(typeof(Mailbox.Response), TypeInfoPropertyName = "MailboxResponse")]
[JsonSerializable(typeof(MailTemplateRoute.View), TypeInfoPropertyName = "MailTemplateView")]
[JsonSerializable(typeof(PutMailTemplate.Request), TypeInfoPropertyName = "PutMailTemplateRequest")]
internal sealed partial class MessagingJson : JsonSerializerContext;
