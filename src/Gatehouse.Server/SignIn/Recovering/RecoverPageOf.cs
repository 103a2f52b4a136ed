namespace Gatehouse.SignIn.Recovering;

/// <summary>Base of the pages of a recovery: adds their words.</summary>
public abstract class RecoverPageOf<TModel> : SignInPage<TModel> where TModel : class
{
    protected RecoveryTexts Says => RecoveryTexts.For(Page.Locale);
}
