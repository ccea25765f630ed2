"""Addresses of the commissioning room."""

from django.urls import path

from commissioning.views import activities, asks, commission, decisions, gates, lessons, measures

app_name = "commissioning"

urlpatterns = [
    path("commissions/new/", commission.NewCommission.as_view(), name="new"),
    path("commissions/<int:pk>/", commission.Overview.as_view(), name="commission"),
    path("commissions/<int:pk>/do/<slug:verb>/", commission.CommissionVerb.as_view(), name="commission_verb"),
    path("commissions/<int:pk>/tasks/", commission.Tasks.as_view(), name="tasks"),
    path("commissions/<int:pk>/people/", commission.People.as_view(), name="people"),
    path("commissions/<int:pk>/money/", commission.Money.as_view(), name="money"),
    path("commissions/<int:pk>/history/", commission.History.as_view(), name="history"),
    path("commissions/<int:pk>/details/", commission.EditFacts.as_view(), name="facts"),
    path("commissions/<int:pk>/value/", commission.ChangeValue.as_view(), name="value"),
    path("commissions/<int:pk>/risk/", commission.Risk.as_view(), name="risk"),
    path("commissions/<int:pk>/risk/form/", decisions.AnswerRisk.as_view(), name="risk_form"),
    path("commissions/<int:pk>/authority/", decisions.Authority.as_view(), name="authority"),
    path("commissions/<int:pk>/authority/record/", decisions.RecordAuthority.as_view(), name="record_authority"),
    path(
        "commissions/<int:pk>/authority/<int:record>/withdraw/",
        decisions.WithdrawAuthority.as_view(),
        name="withdraw_authority",
    ),
    path("commissions/<int:pk>/duplicates/", decisions.Duplicates.as_view(), name="duplicates"),
    path("commissions/<int:pk>/duplicates/<int:likely>/", decisions.SettleDuplicate.as_view(), name="settle_duplicate"),
    path("commissions/<int:pk>/plan/", activities.Plan.as_view(), name="plan"),
    path("commissions/<int:pk>/questions/<slug:stage>/", activities.Questions.as_view(), name="questions"),
    path("commissions/<int:pk>/delivery/", decisions.Delivery.as_view(), name="delivery"),
    path("commissions/<int:pk>/delivery/confirm/", decisions.ConfirmDelivery.as_view(), name="confirm_delivery"),
    path("commissions/<int:pk>/papers/<slug:key>/", decisions.OpenPaper.as_view(), name="open_paper"),
    path("commissions/<int:pk>/specification/", decisions.SpecificationPage.as_view(), name="specification"),
    path("specifications/<int:pk>/do/<slug:verb>/", decisions.SpecificationVerb.as_view(), name="specification_verb"),
    path("commissions/<int:pk>/gates/<int:number>/", gates.GatePage.as_view(), name="gate"),
    path("commissions/<int:pk>/gates/<int:number>/begin/", gates.BeginGate.as_view(), name="gate_begin"),
    path("commissions/<int:pk>/gates/<int:number>/inputs/", gates.AskInput.as_view(), name="gate_inputs"),
    path("commissions/<int:pk>/gates/<int:number>/decide/", gates.Decide.as_view(), name="gate_decide"),
    path("commissions/<int:pk>/gates/<int:number>/waive/", gates.WaiveGate.as_view(), name="gate_waive"),
    path(
        "commissions/<int:pk>/gates/<int:number>/conditions/<int:condition>/",
        gates.MeetCondition.as_view(),
        name="gate_condition",
    ),
    path("gates/<int:pk>/do/<slug:verb>/", gates.GateVerb.as_view(), name="gate_verb"),
    path("commissions/<int:pk>/measures/", measures.SuccessMeasures.as_view(), name="success_measures"),
    path("commissions/<int:pk>/measures/<int:row>/", measures.ChangeMeasure.as_view(), name="success_measure"),
    path("commissions/<int:pk>/measures/<int:row>/remove/", measures.RemoveMeasure.as_view(), name="remove_measure"),
    path("commissions/<int:pk>/indicators/", measures.Indicators.as_view(), name="indicators"),
    path("commissions/<int:pk>/indicators/<int:row>/", measures.ChangeIndicator.as_view(), name="indicator"),
    path(
        "commissions/<int:pk>/indicators/<int:row>/remove/", measures.RemoveIndicator.as_view(), name="remove_indicator"
    ),
    path("commissions/<int:pk>/legal/", asks.AskLegal.as_view(), name="ask_legal"),
    path("commissions/<int:pk>/end/", decisions.DecideEnd.as_view(), name="end_decision"),
    path("commissions/<int:pk>/lessons/", decisions.Lessons.as_view(), name="lessons"),
    path("commissions/<int:pk>/lessons/none/", decisions.NoLessons.as_view(), name="no_lessons"),
    path("commissions/<int:pk>/recommission/", decisions.Recommission.as_view(), name="recommission"),
    path("activities/<int:pk>/", activities.ActivityPage.as_view(), name="activity"),
    path("activities/<int:pk>/ask/", asks.AskAboutActivity.as_view(), name="ask_about"),
    path("activities/<int:pk>/do/<slug:verb>/", activities.ActivityVerb.as_view(), name="commissionactivity_verb"),
    path("lessons/", lessons.LessonLog.as_view(), name="lesson_log"),
]
