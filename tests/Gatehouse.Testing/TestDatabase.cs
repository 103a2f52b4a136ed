using System.Reflection;
using Xunit.Sdk;

namespace Gatehouse.Testing;

/// <summary>The databases every default test runs on.</summary>
public enum TestDatabase { Sqlite, Postgres }

/// <summary>Runs a theory once on each database: <c>[Theory, BothDatabases] public async Task Says_something(TestDatabase database)</c>.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class BothDatabasesAttribute : DataAttribute
{
    public override IEnumerable<object[]> GetData(MethodInfo testMethod) => [[TestDatabase.Sqlite], [TestDatabase.Postgres]];
}
