"""Addresses of this room."""

from django.urls import path

from documents.views import comments, files, papers, revisions, rows, sections

app_name = "documents"

urlpatterns = [
    path("papers/<int:pk>/", papers.PaperList.as_view(), name="paper"),
    path("papers/<int:pk>/read/", papers.ReadPaper.as_view(), name="read"),
    path("papers/<int:pk>/draft.pdf", revisions.DraftPdf.as_view(), name="draft_pdf"),
    path("papers/<int:pk>/check/", papers.CheckAnswers.as_view(), name="check"),
    path("papers/<int:pk>/submitted/", papers.Submitted.as_view(), name="submitted"),
    path("papers/<int:pk>/do/<slug:verb>/", papers.PaperVerb.as_view(), name="paper_verb"),
    path("papers/<int:pk>/changes/", revisions.ComparePage.as_view(), name="compare"),
    path("papers/<int:pk>/revisions/<int:number>/", revisions.RevisionPage.as_view(), name="revision"),
    path("papers/<int:pk>/revisions/<int:number>/pdf/", revisions.RevisionPdf.as_view(), name="revision_pdf"),
    path("papers/<int:pk>/sections/<slug:section>/", sections.SectionPage.as_view(), name="section"),
    path("papers/<int:pk>/sections/<slug:section>/save/", sections.Autosave.as_view(), name="autosave"),
    path("papers/<int:pk>/comments/<slug:section>/", comments.CommentOnSection.as_view(), name="comment"),
    path("papers/<int:pk>/comments/<int:comment>/answer/", comments.AnswerComment.as_view(), name="answer_comment"),
    path("papers/<int:pk>/comments/<int:comment>/settle/", comments.SettleComment.as_view(), name="settle_comment"),
    path(
        "papers/<int:pk>/sections/<slug:section>/<slug:question>/<slug:row>/",
        rows.RowPage.as_view(),
        name="row",
    ),
    path("cases/<int:case>/attach/<str:purpose>/", files.AttachFile.as_view(), name="attach"),
    path("files/<int:pk>/", files.Download.as_view(), name="download"),
    path("files/<int:pk>/replace/", files.ReplaceFile.as_view(), name="replace"),
    path("files/<int:pk>/remove/", files.RemoveFile.as_view(), name="remove"),
]
