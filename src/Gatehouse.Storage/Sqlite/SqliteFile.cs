namespace Gatehouse.Storage.Sqlite;

/// <summary>
/// Makes the database's folder and file readable by nobody but the account that the server runs as: they hold password hashes and
/// people's addresses. SQLite gives its write-ahead log the file's own permissions. What exists already keeps what its owner gave it.
/// </summary>
internal static class SqliteFile
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    internal static string Prepare(string folder)
    {
        var path = Path.Combine(folder, "gatehouse.db");
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(folder);
            return path;
        }
        Directory.CreateDirectory(folder, OwnerOnly | UnixFileMode.UserExecute);
        // Never opens a file that exists: closing it again would drop the locks that SQLite holds on it in this process.
        if (!File.Exists(path))
        {
            try { new FileStream(path, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = OwnerOnly }).Dispose(); }
            catch (IOException) when (File.Exists(path)) { /* Another process made it in between, as privately. */ }
        }
        return path;
    }
}
