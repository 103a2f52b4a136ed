using System.Reflection;
using System.Runtime.InteropServices;

namespace Gatehouse.Storage.Sqlite;

/// <summary>
/// The package carries SQLite 3.35.5. Where the system's library is newer it is used instead, so that the operating system's security
/// updates reach us.
/// </summary>
internal static class SqliteLibrary
{
    private const int Bundled = 3_035_005;
    private static int done;

    internal static void PreferSystem()
    {
        if (Interlocked.Exchange(ref done, 1) != 0) return;
        NativeLibrary.SetDllImportResolver(typeof(SQLitePCL.SQLite3Provider_e_sqlite3).Assembly, Resolve);
        SQLitePCL.Batteries_V2.Init();
    }

    private static nint Resolve(string name, Assembly assembly, DllImportSearchPath? path)
    {
        if (name != "e_sqlite3" || !OperatingSystem.IsLinux() || !NativeLibrary.TryLoad("libsqlite3.so.0", out var library)) return 0;
        if (NativeLibrary.TryGetExport(library, "sqlite3_libversion_number", out var version) && Version(version) > Bundled) return library;
        NativeLibrary.Free(library);
        return 0;
    }

    private static unsafe int Version(nint function) => ((delegate* unmanaged[Cdecl]<int>)function)();
}
