using System.Text.Json.Serialization;
using Gatehouse.Kernel;

namespace Gatehouse.Users;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    AllowDuplicateProperties = false)]
[JsonSerializable(typeof(CreateUser.Request), TypeInfoPropertyName = "CreateUserRequest")]
[JsonSerializable(typeof(UpdateUser.Request), TypeInfoPropertyName = "UpdateUserRequest")]
[JsonSerializable(typeof(ChangeEmails.Request), TypeInfoPropertyName = "AddEmailRequest")]
[JsonSerializable(typeof(ChangePhones.Request), TypeInfoPropertyName = "AddPhoneRequest")]
[JsonSerializable(typeof(BulkUsers.Request), TypeInfoPropertyName = "BulkUsersRequest")]
[JsonSerializable(typeof(BulkUsers.Operation))]
[JsonSerializable(typeof(UserTerms.Texts))]
[JsonSerializable(typeof(string[]))]
[JsonSerializable(typeof(UserView))]
[JsonSerializable(typeof(Page<UserView>))]
[JsonSerializable(typeof(UserCreated))]
[JsonSerializable(typeof(UserUpdated))]
[JsonSerializable(typeof(UserDisabled))]
[JsonSerializable(typeof(UserEnabled))]
[JsonSerializable(typeof(UserDeleted))]
[JsonSerializable(typeof(UserMerged))]
[JsonSerializable(typeof(Merging.MergeUsers.Request), TypeInfoPropertyName = "MergeUsersRequest")]
[JsonSerializable(typeof(Merging.MergeUsers.Response), TypeInfoPropertyName = "MergeUsersResponse")]
[JsonSerializable(typeof(UserDeletionScheduled))]
[JsonSerializable(typeof(UserDeletionCancelled))]
[JsonSerializable(typeof(Deleting.DeletionCaller))]
[JsonSerializable(typeof(Deleting.DeletionView))]
[JsonSerializable(typeof(Deleting.ScheduleDeletion.Request), TypeInfoPropertyName = "ScheduleDeletionRequest")]
internal sealed partial class UsersJson : JsonSerializerContext;
