using System.Globalization;

namespace Gatehouse.SignIn.Recovering;

/// <summary>Base of the pages of a recovery: adds their words.</summary>
public abstract class RecoverPageOf<TModel> : SignInPage<TModel> where TModel : class
{
    protected RecoveryTexts Says => RecoveryTexts.For(Page.Locale);

    /// <summary>To the minute and with its zone: it is compared with what the mail says.</summary>
    protected static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture);
}
