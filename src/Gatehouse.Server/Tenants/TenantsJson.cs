using System.Text.Json;
using System.Text.Json.Serialization;
using Gatehouse.Http;
using Gatehouse.Kernel;

namespace Gatehouse.Tenants;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    AllowDuplicateProperties = false)]
[JsonSerializable(typeof(CreateTenant.Request), TypeInfoPropertyName = "CreateTenantRequest")]
[JsonSerializable(typeof(TenantDomains.Request), TypeInfoPropertyName = "AddDomainRequest")]
[JsonSerializable(typeof(TenantDomains.DomainView))]
[JsonSerializable(typeof(Page<TenantDomains.DomainView>))]
[JsonSerializable(typeof(TenantView))]
[JsonSerializable(typeof(Page<TenantView>))]
[JsonSerializable(typeof(TenantSettings))]
[JsonSerializable(typeof(JsonElement))]
[JsonSerializable(typeof(SettingProblem[]))]
[JsonSerializable(typeof(TenantCreated))]
[JsonSerializable(typeof(TenantUpdated))]
[JsonSerializable(typeof(TenantSuspended))]
[JsonSerializable(typeof(TenantResumed))]
[JsonSerializable(typeof(TenantDeleted))]
[JsonSerializable(typeof(TenantDeletionScheduled))]
[JsonSerializable(typeof(TenantRestored))]
[JsonSerializable(typeof(TenantExportList))]
internal sealed partial class TenantsJson : JsonSerializerContext;
