using System.Text.Json.Serialization;
using Gatehouse.Kernel;

namespace Gatehouse.Organizations;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    AllowDuplicateProperties = false)]
[JsonSerializable(typeof(CreateOrganization.Request), TypeInfoPropertyName = "CreateOrganizationRequest")]
[JsonSerializable(typeof(UpdateOrganization.Request), TypeInfoPropertyName = "UpdateOrganizationRequest")]
[JsonSerializable(typeof(ManageMembers.Request), TypeInfoPropertyName = "AddMemberRequest")]
[JsonSerializable(typeof(SchemaDocument))]
[JsonSerializable(typeof(Domains.ManageDomains.Request), TypeInfoPropertyName = "AddDomainRequest")]
[JsonSerializable(typeof(Domains.DomainView))]
[JsonSerializable(typeof(Domains.DomainList))]
[JsonSerializable(typeof(DomainVerified))]
[JsonSerializable(typeof(DomainLost))]
[JsonSerializable(typeof(ManageRequests.RequestView))]
[JsonSerializable(typeof(Page<ManageRequests.RequestView>))]
[JsonSerializable(typeof(OrganizationSettings))]
[JsonSerializable(typeof(OrganizationView))]
[JsonSerializable(typeof(Page<OrganizationView>))]
[JsonSerializable(typeof(MemberView))]
[JsonSerializable(typeof(Page<MemberView>))]
[JsonSerializable(typeof(OrganizationCreated))]
[JsonSerializable(typeof(OrganizationUpdated))]
[JsonSerializable(typeof(OrganizationDisabled))]
[JsonSerializable(typeof(OrganizationDeleted))]
[JsonSerializable(typeof(MemberAdded))]
[JsonSerializable(typeof(MemberRemoved))]
internal sealed partial class OrganizationsJson : JsonSerializerContext;
