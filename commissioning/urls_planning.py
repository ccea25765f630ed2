"""Addresses of planning ahead: hints while registering, the timeline, imports, what suppliers see."""

from django.urls import path

from commissioning.views import analyse_stage, hints, key_documents, ownership, plan_imports, sourcing, spend

patterns = [
    path("commissions/new/alike/", hints.Hints.as_view(), name="new_hints"),
    path("commissions/<int:pk>/documents/", key_documents.KeyDocuments.as_view(), name="key_documents"),
    path("commissions/<int:pk>/documents/<int:paper>/review/", key_documents.AskReview.as_view(), name="ask_review"),
    path("commissions/<int:pk>/owners/", ownership.Owners.as_view(), name="owners"),
    path("commissions/<int:pk>/owners/<int:activity>/", ownership.ChangeLead.as_view(), name="change_lead"),
    path("spend/", spend.SpendReport.as_view(), name="spend_report"),
    path("commissions/import/", plan_imports.Upload.as_view(), name="import_plan"),
    path("commissions/import/<int:pk>/", plan_imports.PreviewImport.as_view(), name="import_preview"),
    path("commissions/import/<int:pk>/create/", plan_imports.MakeDrafts.as_view(), name="import_make"),
    path("commissions/import/<int:pk>/refused.csv", plan_imports.RefusedLines.as_view(), name="import_refused"),
    path("commissions/<int:pk>/analyse/", analyse_stage.AnalyseStage.as_view(), name="analyse_stage"),
    path("commissions/<int:pk>/existing/", analyse_stage.ExistingSearch.as_view(), name="existing"),
    path("commissions/<int:pk>/sourcing/", sourcing.Sourcing.as_view(), name="sourcing"),
]
