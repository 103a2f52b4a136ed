using System.Text.Json.Serialization;
using Gatehouse.Kernel;
using Gatehouse.Workspaces.Templates;

namespace Gatehouse.Workspaces;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow, AllowDuplicateProperties = false)]
[JsonSerializable(typeof(CreateWorkspace.Request), TypeInfoPropertyName = "CreateWorkspaceRequest")]
[JsonSerializable(typeof(UpdateWorkspace.Patch), TypeInfoPropertyName = "UpdateWorkspacePatch")]
[JsonSerializable(typeof(ManageWorkspaceMembers.Request), TypeInfoPropertyName = "AddWorkspaceMemberRequest")]
[JsonSerializable(typeof(ManageTemplates.Request), TypeInfoPropertyName = "CreateTemplateRequest")]
[JsonSerializable(typeof(ManageTemplates.Patch), TypeInfoPropertyName = "UpdateTemplatePatch")]
[JsonSerializable(typeof(WorkspaceUsage.View), TypeInfoPropertyName = "WorkspaceUsageView")]
[JsonSerializable(typeof(WorkspaceSettings))]
[JsonSerializable(typeof(TemplateContent))]
[JsonSerializable(typeof(WorkspaceView))]
[JsonSerializable(typeof(Page<WorkspaceView>))]
[JsonSerializable(typeof(WorkspaceMemberView))]
[JsonSerializable(typeof(Page<WorkspaceMemberView>))]
[JsonSerializable(typeof(TemplateView))]
[JsonSerializable(typeof(Page<TemplateView>))]
[JsonSerializable(typeof(WorkspaceCreated))]
[JsonSerializable(typeof(WorkspaceUpdated))]
[JsonSerializable(typeof(WorkspaceDeleted))]
[JsonSerializable(typeof(WorkspaceMemberAdded))]
[JsonSerializable(typeof(WorkspaceMemberRemoved))]
internal sealed partial class WorkspacesJson : JsonSerializerContext;
